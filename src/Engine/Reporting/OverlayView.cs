using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Reporting;

/// <summary>A slice as it is shown, row-major from the top left.</summary>
internal sealed record ViewSlice(float[] Values, int Rows, int Columns);

/// <summary>A part of a slice, in its rows and columns.</summary>
internal readonly record struct ViewWindow(int Top, int Left, int Rows, int Columns);

/// <summary>
/// How slices are shown: pictures as they are; volumes in the radiological way, the patient's right on the left, anterior or
/// superior on top; sagittal slices with anterior on the left.
/// </summary>
internal sealed class OverlayView(VolumeGeometry ras, SliceAxis axis, bool isPicture)
{
    /// <summary>Rows and columns of a shown slice.</summary>
    public (int Rows, int Columns) Size
    {
        get
        {
            var (h, w, _) = SliceLayout.Shape(ras, axis);
            return Turned ? (w, h) : (h, w);
        }
    }

    /// <summary>Size in mm of a shown pixel.</summary>
    public (double Rows, double Columns) Spacing
    {
        get
        {
            var (h, w, _) = SliceLayout.Spacing(ras, axis);
            return Turned ? (w, h) : (h, w);
        }
    }

    /// <summary>Axial slices are stored x by y; they are shown y by x.</summary>
    private bool Turned => axis == SliceAxis.Axial && !isPicture;

    /// <summary>One slice of the first channel.</summary>
    public ViewSlice Show(Volume volume, int index)
    {
        var (h, w, _) = SliceLayout.Shape(ras, axis);
        var stored = new float[h * w];
        SliceLayout.CopySlice(volume, 0, axis, index, stored);
        return Turn(stored, h, w, axis, isPicture);
    }

    /// <summary>A stored slice of h·w values as it is shown.</summary>
    public static ViewSlice Turn(float[] stored, int h, int w, SliceAxis axis, bool isPicture)
    {
        if (isPicture)
            return new(stored, h, w);
        var turned = axis == SliceAxis.Axial;
        var (rows, columns) = turned ? (w, h) : (h, w);
        var shown = new float[stored.Length];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                int r = rows - 1 - row, c = columns - 1 - column;
                shown[(row * columns) + column] = stored[turned ? (c * w) + r : (r * w) + c];
            }
        }

        return new(shown, rows, columns);
    }

    /// <summary>The whole slice.</summary>
    public ViewWindow Everything => new(0, 0, Size.Rows, Size.Columns);

    /// <summary>The box around all that is set in some slices, half as large again on each side; everything when nothing is set.</summary>
    public ViewWindow Around(IEnumerable<ViewSlice> masks)
    {
        int top = int.MaxValue, left = int.MaxValue, bottom = -1, right = -1;
        foreach (var mask in masks)
        {
            for (var i = 0; i < mask.Values.Length; i++)
            {
                if (mask.Values[i] <= 0)
                    continue;
                var (row, column) = (i / mask.Columns, i % mask.Columns);
                (top, bottom) = (Math.Min(top, row), Math.Max(bottom, row));
                (left, right) = (Math.Min(left, column), Math.Max(right, column));
            }
        }

        if (bottom < 0)
            return Everything;
        var margin = Math.Max(8, (Math.Max(bottom - top, right - left) + 1) / 2);
        (top, left) = (Math.Max(0, top - margin), Math.Max(0, left - margin));
        (bottom, right) = (Math.Min(Size.Rows, bottom + 1 + margin), Math.Min(Size.Columns, right + 1 + margin));
        return new(top, left, bottom - top, right - left);
    }
}
