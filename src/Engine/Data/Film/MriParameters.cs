using System.Collections;
using System.Globalization;

namespace MedSeg.Engine.Data.Film;

/// <summary>What <c>mri_params</c> looks at: keys of the JSON sidecars of BIDS.</summary>
internal static class MriParameters
{
    /// <summary>The value of <c>FiLMedUnet.metadata</c>.</summary>
    public const string Word = "mri_params";

    public const string Manufacturer = "Manufacturer";

    /// <summary>A manufacturer that is none of the three.</summary>
    public const string OtherManufacturer = "other";

    private const int Points = 1000;

    /// <summary>Each measured key with the range over which its density is looked at: degrees, seconds, seconds.</summary>
    private static readonly (string Name, double From, double To, bool IsLogarithmic)[] Measured =
        [("FlipAngle", 0, 360, false), ("RepetitionTime", 0.1, 10, true), ("EchoTime", 1e-3, 10, true)];

    private static readonly string[] Manufacturers = ["Siemens", "Philips", "GE"];

    /// <summary>All keys, in the order of the vector.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Measured.Select(key => key.Name), Manufacturer];

    public static bool IsMeasured(string name) => name != Manufacturer;

    /// <summary>The value of a key; null where there is none that can be used.</summary>
    /// <param name="found">From JSON or a table: a number, several (their mean counts), or text of numbers with commas between.</param>
    public static FilmValue? Value(string name, object? found)
    {
        if (!IsMeasured(name))
            return found is string text && !string.IsNullOrWhiteSpace(text) ? new FilmValue(NameOf(text)) : null;
        var numbers = Numbers(found);
        if (numbers.Count == 0 || !numbers.All(double.IsFinite))
            return null;
        var mean = numbers.Average();
        return new FilmValue(mean.ToString("R", CultureInfo.InvariantCulture), mean);
    }

    /// <summary>Where the density of a key is looked at, ascending. Values beyond the usual range, for example in milliseconds, widen it.</summary>
    public static double[] GridOf(string name, IReadOnlyCollection<double> values)
    {
        var (_, from, to, logarithmic) = Array.Find(Measured, key => key.Name == name);
        foreach (var value in values.Where(value => value > 0 || !logarithmic))
            (from, to) = (Math.Min(from, value), Math.Max(to, value));
        return [.. Enumerable.Range(0, Points).Select(i => At(i / (Points - 1.0)))];

        double At(double share) => logarithmic ? from * Math.Pow(to / from, share) : from + ((to - from) * share);
    }

    private static string NameOf(string text)
    {
        var first = text.Trim().Split(' ', '_', '-')[0];
        var known = Array.Find(Manufacturers, name => first.Equals(name, StringComparison.OrdinalIgnoreCase));
        return known ?? (text.Trim().StartsWith("General Electric", StringComparison.OrdinalIgnoreCase) ? "GE" : OtherManufacturer);
    }

    private static List<double> Numbers(object? found) => found switch
    {
        string text => [.. text.Split(',').Select(Parse)],
        IEnumerable several => [.. several.Cast<object?>().SelectMany(Numbers)],
        null or bool => [],
        IConvertible number => [number.ToDouble(CultureInfo.InvariantCulture)],
        _ => [double.NaN],
    };

    private static double Parse(string text) =>
        double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
}
