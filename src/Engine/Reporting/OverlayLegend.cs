namespace MedSeg.Engine.Reporting;

/// <summary>The strip below the picture that tells what is drawn in which colour.</summary>
internal static class OverlayLegend
{
    private const int Scale = 2;
    private const int Gap = 6;
    private const int LineHeight = (PixelFont.Height * Scale) + Gap;
    private const int Swatch = PixelFont.Height * Scale;
    private const int LineWidth = 2;

    private static int EntryWidth(string text) => Swatch + Gap + (PixelFont.Measure(text) * Scale) + (2 * Gap);

    /// <summary>Pixels that the strip takes.</summary>
    public static (int Rows, int Columns) SizeOf(IReadOnlyList<OverlayClass> classes) =>
        (Gap + (classes.Count * LineHeight), Gap + classes.Max(c => Entries(c).Sum(e => EntryWidth(e.Text))));

    public static void Draw(Canvas canvas, int top, IReadOnlyList<OverlayClass> classes)
    {
        for (var k = 0; k < classes.Count; k++)
        {
            var (row, column) = (top + Gap + (k * LineHeight), Gap);
            foreach (var (text, isLine) in Entries(classes[k]))
            {
                canvas.Fill(row, column, Swatch, Swatch, Palette.Of(k));
                if (isLine)
                    canvas.Fill(row + LineWidth, column + LineWidth, Swatch - (2 * LineWidth), Swatch - (2 * LineWidth), default);
                canvas.Text(row, column + Swatch + Gap, text, Rgb.White, Scale);
                column += EntryWidth(text);
            }
        }
    }

    private static IEnumerable<(string Text, bool IsLine)> Entries(OverlayClass shown)
    {
        if (shown.Prediction is not null)
            yield return ($"{shown.Name} prediction", false);
        if (shown.Reference is not null)
            yield return ($"{shown.Name} reference", true);
    }
}
