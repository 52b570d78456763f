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
        return Between(
            source, size, (i, Math.Min(i + 1, size.H - 1)), (j, Math.Min(j + 1, size.W - 1)), (k, Math.Min(k + 1, size.D - 1)),
            ((float)(h - i), (float)(w - j), (float)(d - k)));
    }

    /// <summary>The value between two voxels along each axis.</summary>
    /// <param name="weight">Of the second voxel along each axis.</param>
    public static float Between(
        ReadOnlySpan<float> source, GridSize size, (int First, int Second) h, (int First, int Second) w, (int First, int Second) d,
        (float H, float W, float D) weight)
    {
        var near = InLayer(source, size, h, w, d.First, weight.H, weight.W);
        return d.First == d.Second ? near : near + (weight.D * (InLayer(source, size, h, w, d.Second, weight.H, weight.W) - near));
    }

    private static float InLayer(
        ReadOnlySpan<float> source, GridSize size, (int First, int Second) h, (int First, int Second) w, int d, float weightH, float weightW)
    {
        var (top, bottom) = ((h.First * size.W * size.D) + d, (h.Second * size.W * size.D) + d);
        var (left, right) = (w.First * size.D, w.Second * size.D);
        var upper = source[top + left] + (weightW * (source[top + right] - source[top + left]));
        var lower = source[bottom + left] + (weightW * (source[bottom + right] - source[bottom + left]));
        return upper + (weightH * (lower - upper));
    }
}
