namespace MedSeg.Engine.Reporting;

/// <summary>Draws one slice: the image in gray, predictions as a tint, references as a line.</summary>
internal static class OverlayTile
{
    private const double TintOpacity = 0.4;

    /// <summary>Half of the width of a line, in pixels of the picture.</summary>
    private const int LineReach = 2;

    /// <summary>Size in pixels of a window that is shown with square pixels, its longer side as asked for.</summary>
    public static (int Rows, int Columns) SizeOf(ViewWindow window, (double Rows, double Columns) spacing, int longerSide)
    {
        double height = window.Rows * spacing.Rows, width = window.Columns * spacing.Columns;
        var scale = longerSide / Math.Max(height, width);
        return (Math.Max(1, (int)Math.Round(height * scale)), Math.Max(1, (int)Math.Round(width * scale)));
    }

    /// <summary>Draws into a rectangle of the canvas.</summary>
    /// <param name="canvas">Where to.</param>
    /// <param name="top">Of the rectangle.</param>
    /// <param name="left">Of the rectangle.</param>
    /// <param name="size">Of the rectangle.</param>
    /// <param name="window">The part of the slice to show.</param>
    /// <param name="image">Gray values.</param>
    /// <param name="range">Gray values that are shown black and white.</param>
    /// <param name="masks">Prediction and reference of each class.</param>
    /// <param name="lineReach">Half of the width of a line, in pixels of the picture.</param>
    public static void Draw(
        Canvas canvas, int top, int left, (int Rows, int Columns) size, ViewWindow window, ViewSlice image, (float Black, float White) range,
        IReadOnlyList<(ViewSlice? Prediction, ViewSlice? Reference)> masks, int lineReach = LineReach)
    {
        for (var row = 0; row < size.Rows; row++)
        {
            for (var column = 0; column < size.Columns; column++)
            {
                var level = (Smooth(image, window, size, row, column) - range.Black) / (range.White - range.Black);
                var color = Rgb.Gray((byte)Math.Round(255 * Math.Clamp(level, 0, 1)));
                for (var k = 0; k < masks.Count; k++)
                {
                    if (Value(masks[k].Prediction, window, size, row, column) is > 0 and var inside)
                        color = color.Under(Palette.Of(k), TintOpacity * Math.Min(inside, 1));
                }

                for (var k = 0; k < masks.Count; k++)
                {
                    if (IsLine(masks[k].Reference, window, size, row, column, lineReach))
                        color = Palette.Of(k);
                }

                canvas[top + row, left + column] = color;
            }
        }
    }

    /// <summary>Gray value between the four nearest pixel centres; NaN counts as 0.</summary>
    private static float Smooth(ViewSlice image, ViewWindow window, (int Rows, int Columns) size, int row, int column)
    {
        var r = window.Top + Math.Clamp(((row + 0.5) * window.Rows / size.Rows) - 0.5, 0, window.Rows - 1);
        var c = window.Left + Math.Clamp(((column + 0.5) * window.Columns / size.Columns) - 0.5, 0, window.Columns - 1);
        int r0 = (int)r, c0 = (int)c, r1 = Math.Min(r0 + 1, image.Rows - 1), c1 = Math.Min(c0 + 1, image.Columns - 1);
        float dr = (float)(r - r0), dc = (float)(c - c0);
        float At(int i, int j) => image.Values[(i * image.Columns) + j] is var v && float.IsFinite(v) ? v : 0;
        return (((At(r0, c0) * (1 - dc)) + (At(r0, c1) * dc)) * (1 - dr)) + (((At(r1, c0) * (1 - dc)) + (At(r1, c1) * dc)) * dr);
    }

    /// <summary>1 in a mask, fractions where it is soft, 0 outside.</summary>
    private static float Value(ViewSlice? mask, ViewWindow window, (int Rows, int Columns) size, int row, int column)
    {
        if (mask is null || row < 0 || column < 0 || row >= size.Rows || column >= size.Columns)
            return 0;
        var r = window.Top + (int)((row + 0.5) * window.Rows / size.Rows);
        var c = window.Left + (int)((column + 0.5) * window.Columns / size.Columns);
        return mask.Values[(r * mask.Columns) + c];
    }

    private static bool IsLine(ViewSlice? mask, ViewWindow window, (int Rows, int Columns) size, int row, int column, int lineReach)
    {
        if (!(Value(mask, window, size, row, column) > 0))
            return false;
        for (var reach = 1; reach <= lineReach; reach++)
        {
            if (!(Value(mask, window, size, row - reach, column) > 0 && Value(mask, window, size, row + reach, column) > 0
                && Value(mask, window, size, row, column - reach) > 0 && Value(mask, window, size, row, column + reach) > 0))
            {
                return true;
            }
        }

        return false;
    }
}
