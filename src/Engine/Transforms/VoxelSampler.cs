namespace MedSeg.Engine.Transforms;

/// <summary>Linear interpolation at single places of a plane or volume.</summary>
internal static class VoxelSampler
{
    /// <summary>The value at a place in voxels; 0 outside the grid.</summary>
    public static float At(ReadOnlySpan<float> source, GridSize size, double h, double w, double d)
    {
        if (!(h >= 0 && h <= size.H - 1 && w >= 0 && w <= size.W - 1 && d >= 0 && d <= size.D - 1))
            return 0;
        var (i, j, k) = ((int)h, (int)w, (int)d);
        var at = (((i * size.W) + j) * size.D) + k;
        // The last voxel of an axis has no neighbour; its weight is 0.
        var down = i < size.H - 1 ? size.W * size.D : 0;
        var right = j < size.W - 1 ? size.D : 0;
        var deep = k < size.D - 1 ? 1 : 0;
        var near = InLayer(source, at, down, right, (float)(h - i), (float)(w - j));
        var far = InLayer(source, at + deep, down, right, (float)(h - i), (float)(w - j));
        return near + ((float)(d - k) * (far - near));
    }

    private static float InLayer(ReadOnlySpan<float> source, int at, int down, int right, float weightH, float weightW)
    {
        var upper = source[at] + (weightW * (source[at + right] - source[at]));
        var lower = source[at + down] + (weightW * (source[at + down + right] - source[at + down]));
        return upper + (weightH * (lower - upper));
    }
}
