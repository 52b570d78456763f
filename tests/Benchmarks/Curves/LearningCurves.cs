using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MedSeg.Benchmarks.Curves;

/// <summary>
/// Draws the validation Dice of trainings over their epochs, <c>curves OUT.svg TITLE FOLDER…</c>: one line per run folder, one colour per
/// name of folders that differ only in what follows the last hyphen, which is the seed.
/// </summary>
internal static class LearningCurves
{
    private const int Width = 720, Height = 360, Left = 48, Right = 150, Top = 34, Bottom = 40;

    /// <summary>Distinguishable also by people who see no red or no green (Okabe and Ito 2008).</summary>
    private static readonly string[] Colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"];

    public static int Run(string[] args, TextWriter errors)
    {
        if (args is not [_, var path, var title, _, ..])
        {
            errors.WriteLine("Usage: curves OUT.svg TITLE FOLDER...");
            return 2;
        }

        var runs = args[3..].Select(folder => new RunCurve(GroupOf(folder), Read(folder))).ToArray();
        File.WriteAllText(path, Draw(title, runs));
        return 0;
    }

    private static string GroupOf(string folder)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
        return name.LastIndexOf('-') is > 0 and var end ? name[..end] : name;
    }

    /// <summary>Validation Dice by epoch; the runs whose history has none are drawn as nothing.</summary>
    private static double[] Read(string folder)
    {
        var values = new List<double>();
        foreach (var line in File.ReadLines(Path.Combine(folder, "history.jsonl")))
        {
            using var epoch = JsonDocument.Parse(line);
            if (epoch.RootElement.TryGetProperty("validation_dice", out var dice) && dice.ValueKind == JsonValueKind.Number)
                values.Add(dice.GetDouble());
        }

        return [.. values];
    }

    private static string Draw(string title, RunCurve[] runs)
    {
        var groups = runs.Select(run => run.Group).Distinct().ToArray();
        var epochs = Math.Max(2, runs.Max(run => run.Dice.Length));
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"20\" font-size=\"14\">{Escape(title)}</text>\n");
        for (var tenth = 0; tenth <= 10; tenth += 2)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(tenth / 10.0):F1}\" y2=\"{Y(tenth / 10.0):F1}\" stroke=\"#ddd\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 6}\" y=\"{Y(tenth / 10.0) + 4:F1}\" text-anchor=\"end\">{tenth / 10.0:F1}</text>\n");
        }

        foreach (var epoch in new[] { 1, epochs / 4, epochs / 2, epochs * 3 / 4, epochs }.Where(e => e > 0).Distinct())
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(epoch, epochs):F1}\" y=\"{Height - Bottom + 16}\" text-anchor=\"middle\">{epoch}</text>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 8}\" text-anchor=\"middle\">epoch</text>\n");
        foreach (var run in runs)
        {
            var points = string.Join(' ', run.Dice.Select((dice, i) => string.Create(CultureInfo.InvariantCulture, $"{X(i + 1, epochs):F1},{Y(dice):F1}")));
            svg.Append(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke-width=\"1.3\" stroke-opacity=\"0.8\" stroke=\"{Colour(groups, run.Group)}\" points=\"{points}\"/>\n");
        }

        for (var i = 0; i < groups.Length; i++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{Width - Right + 12}\" y=\"{Top + (20 * i)}\" width=\"12\" height=\"4\" fill=\"{Colour(groups, groups[i])}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Width - Right + 30}\" y=\"{Top + 6 + (20 * i)}\">{Escape(groups[i])}</text>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static double X(int epoch, int epochs) => Left + ((Width - Left - Right) * (epoch - 1.0) / (epochs - 1));

    private static double Y(double dice) => Height - Bottom - ((Height - Top - Bottom) * Math.Clamp(dice, 0, 1));

    private static string Colour(string[] groups, string group) => Colours[Array.IndexOf(groups, group) % Colours.Length];

    private static string Escape(string text) => System.Security.SecurityElement.Escape(text);

    private sealed record RunCurve(string Group, double[] Dice);
}
