namespace MedSeg.Engine.Imaging;

/// <summary>Which axis of a RAS+ volume is cut into slices; the numbers are those of the configuration files.</summary>
public enum SliceAxis
{
    /// <summary>Slices along left–right.</summary>
    Sagittal = 0,

    /// <summary>Slices along posterior–anterior.</summary>
    Coronal = 1,

    /// <summary>Slices along inferior–superior.</summary>
    Axial = 2,
}

/// <summary>
/// Slices of RAS+ volumes as rows × columns × depth (H, W, D): axial (x, y, z), sagittal (z, y, x), coronal (z, x, y).
/// Slices are row-major, h·W + w.
/// </summary>
public static class SliceLayout
{
    /// <summary>The axis by its name in the configuration: axial, coronal or sagittal.</summary>
    /// <exception cref="SegException"><c>SliceAxisUnknown</c>.</exception>
    public static SliceAxis Parse(string name) => name switch
    {
        "sagittal" => SliceAxis.Sagittal,
        "coronal" => SliceAxis.Coronal,
        "axial" => SliceAxis.Axial,
        _ => throw new SegException("SliceAxisUnknown", SegErrorKind.InvalidArgument, $"slice_axis: '{name}' is not a slice axis.",
            "Use axial, coronal or sagittal.", name),
    };

    /// <summary>Rows, columns and number of slices.</summary>
    public static (int H, int W, int D) Shape(VolumeGeometry ras, SliceAxis axis)
    {
        ArgumentNullException.ThrowIfNull(ras);
        return axis switch
        {
            SliceAxis.Sagittal => (ras.Z, ras.Y, ras.X),
            SliceAxis.Coronal => (ras.Z, ras.X, ras.Y),
            _ => (ras.X, ras.Y, ras.Z),
        };
    }

    /// <summary>Voxel sizes in mm along rows, columns and depth.</summary>
    public static (double H, double W, double D) Spacing(VolumeGeometry ras, SliceAxis axis)
    {
        ArgumentNullException.ThrowIfNull(ras);
        var (x, y, z) = ras.Spacing;
        return axis switch
        {
            SliceAxis.Sagittal => (z, y, x),
            SliceAxis.Coronal => (z, x, y),
            _ => (x, y, z),
        };
    }

    /// <summary>Copies one slice out of a channel.</summary>
    /// <param name="destination">H·W numbers, row-major.</param>
    public static void CopySlice(Volume ras, int channel, SliceAxis axis, int index, Span<float> destination)
    {
        var (h, w, start, rowStep, columnStep) = Steps(ras, axis, index, destination.Length);
        ReadOnlySpan<float> voxels = ras.Channel(channel);
        var to = 0;
        for (var row = 0; row < h; row++)
        {
            var from = start + (row * rowStep);
            if (columnStep == 1)
            {
                voxels.Slice(from, w).CopyTo(destination[to..]);
                to += w;
                continue;
            }

            for (var column = 0; column < w; column++, from += columnStep)
                destination[to++] = voxels[from];
        }
    }

    /// <summary>Copies one slice into a channel; the inverse of <see cref="CopySlice"/>.</summary>
    /// <param name="source">H·W numbers, row-major.</param>
    public static void SetSlice(ReadOnlySpan<float> source, Volume ras, int channel, SliceAxis axis, int index)
    {
        var (h, w, start, rowStep, columnStep) = Steps(ras, axis, index, source.Length);
        var voxels = ras.Channel(channel);
        var from = 0;
        for (var row = 0; row < h; row++)
        {
            var to = start + (row * rowStep);
            for (var column = 0; column < w; column++, to += columnStep)
                voxels[to] = source[from++];
        }
    }

    private static (int H, int W, int Start, int RowStep, int ColumnStep) Steps(Volume ras, SliceAxis axis, int index, int length)
    {
        ArgumentNullException.ThrowIfNull(ras);
        var g = ras.Geometry;
        var (h, w, d) = Shape(g, axis);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, d);
        if (length != h * w)
            throw new ArgumentException($"A slice of {h}×{w} does not have {length} numbers.", nameof(length));
        int x = 1, y = g.X, z = g.X * g.Y;
        return axis switch
        {
            SliceAxis.Sagittal => (h, w, index * x, z, y),
            SliceAxis.Coronal => (h, w, index * y, z, x),
            _ => (h, w, index * z, x, y),
        };
    }
}
