using System.Globalization;
using MedSeg.Engine.Reporting;

namespace MedSeg.Engine.Training.Watching;

/// <summary>Draws samples: the image in gray, every class as a tint of its own over the others (D-76), labels as lines.</summary>
internal static class SamplePicture
{
    /// <summary>Rows above the image for a line of text.</summary>
    public const int CaptionRows = 20;

    private const int LongerSide = 256, TextScale = 2, TextTop = 3;

    /// <summary>A probability below this is not shown.</summary>
    private const float Faint = 0.1f;

    /// <summary>What to show of the classes.</summary>
    public enum Layer
    {
        None,
        Predictions,
        References,
        Both,
    }

    /// <summary>Rows and columns of a sample's picture with its caption.</summary>
    public static (int Rows, int Columns) SizeOf(SampleView view)
    {
        var (rows, columns) = OverlayTile.SizeOf(Window(view), view.Spacing, LongerSide);
        return (rows + CaptionRows, columns);
    }

    /// <summary>A picture of one sample.</summary>
    public static Canvas Draw(SampleView view, Layer layer, string caption)
    {
        var (rows, columns) = SizeOf(view);
        var canvas = new Canvas(columns, rows);
        Draw(canvas, 0, view, layer, caption);
        return canvas;
    }

    /// <summary>Draws a sample into a canvas.</summary>
    /// <param name="left">First column.</param>
    public static void Draw(Canvas canvas, int left, SampleView view, Layer layer, string caption)
    {
        ViewWindow window = Window(view);
        IReadOnlyList<(ViewSlice?, ViewSlice?)> masks = layer switch
        {
            Layer.Predictions => [.. view.Predictions.Select(p => ((ViewSlice?)Visible(p), (ViewSlice?)null))],
            Layer.References => [.. view.References.Select(g => ((ViewSlice?)g, (ViewSlice?)null))],
            Layer.Both => [.. view.Predictions.Zip(view.References, (p, g) => ((ViewSlice?)Visible(p), (ViewSlice?)g))],
            _ => [],
        };
        OverlayTile.Draw(
            canvas, CaptionRows, left, OverlayTile.SizeOf(window, view.Spacing, LongerSide), window, view.Image, Overlay.GrayRange([view.Image]), masks, lineReach: 1);
        string answers = string.Concat(view.Answers.Select(a => " " + a.ToString("0.00", CultureInfo.InvariantCulture)));
        canvas.Text(TextTop, left + TextTop, caption + answers, Rgb.White, TextScale);
    }

    private static ViewSlice Visible(ViewSlice probabilities) =>
        probabilities with { Values = Array.ConvertAll(probabilities.Values, p => p >= Faint ? p : 0) };

    private static ViewWindow Window(SampleView view) => new(0, 0, view.Image.Rows, view.Image.Columns);
}
