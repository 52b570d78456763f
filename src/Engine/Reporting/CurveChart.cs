using System.Globalization;

namespace MedSeg.Engine.Reporting;

/// <summary>A curve in the unit square, with one point marked.</summary>
/// <param name="Horizontal">What the axis from left to right shows.</param>
/// <param name="Vertical">What the axis from bottom to top shows.</param>
/// <param name="Points">In the order in which they are joined; beyond 0 to 1 they are moved to the edge.</param>
/// <param name="Marked">The point to mark.</param>
/// <param name="Caption">About that point.</param>
internal sealed record CurveChart(
    string Horizontal, string Vertical, IReadOnlyList<(double X, double Y)> Points, (double X, double Y) Marked, string Caption)
{
    private const int Side = 400, Left = 70, Top = 50, Bottom = 60, Right = 30, Scale = 2, Ticks = 5;

    private static readonly Rgb s_ink = new(40, 40, 40), s_grid = new(225, 225, 225);

    /// <summary>Draws axes, curve and mark.</summary>
    public Canvas Draw()
    {
        var canvas = new Canvas(Left + Side + Right, Top + Side + Bottom);
        canvas.Fill(0, 0, canvas.Height, canvas.Width, Rgb.White);
        for (var tick = 0; tick <= Ticks; tick++) DrawTick(canvas, (double)tick / Ticks);
        canvas.Fill(Top, Left, Side + 1, 1, s_ink);
        canvas.Fill(Top + Side, Left, 1, Side + 1, s_ink);
        foreach (var (from, to) in Points.Zip(Points.Skip(1))) DrawLine(canvas, At(from), At(to), Palette.Of(5));
        var (row, column) = At(Marked);
        canvas.Fill(row - 4, column - 4, 9, 9, Palette.Of(6));
        canvas.Text(Top + Side + 34, Left + ((Side - Width(Horizontal)) / 2), Horizontal, s_ink, Scale);
        canvas.Text(8, 8, Vertical, s_ink, Scale);
        canvas.Text(28, Left, Caption, Palette.Of(6), 1);
        return canvas;
    }

    private static void DrawTick(Canvas canvas, double value)
    {
        var (row, column) = At((value, value));
        canvas.Fill(row, Left, 1, Side, s_grid);
        canvas.Fill(Top, column, Side, 1, s_grid);
        string text = value.ToString("0.0", CultureInfo.InvariantCulture);
        canvas.Text(row - (PixelFont.Height * Scale / 2), Left - Width(text) - 8, text, s_ink, Scale);
        canvas.Text(Top + Side + 10, column - (Width(text) / 2), text, s_ink, Scale);
    }

    /// <summary>Two pixels thick, a pixel at a time along the longer side.</summary>
    private static void DrawLine(Canvas canvas, (int Row, int Column) from, (int Row, int Column) to, Rgb color)
    {
        var steps = Math.Max(1, Math.Max(Math.Abs(to.Row - from.Row), Math.Abs(to.Column - from.Column)));
        for (var i = 0; i <= steps; i++)
        {
            var share = (double)i / steps;
            canvas.Fill((int)Math.Round(from.Row + (share * (to.Row - from.Row))), (int)Math.Round(from.Column + (share * (to.Column - from.Column))), 2, 2, color);
        }
    }

    private static (int Row, int Column) At((double X, double Y) point) =>
        (Top + Side - (int)Math.Round(Side * Math.Clamp(point.Y, 0, 1)), Left + (int)Math.Round(Side * Math.Clamp(point.X, 0, 1)));

    private static int Width(string text) => PixelFont.Measure(text) * Scale;
}
