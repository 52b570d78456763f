namespace MedSeg.Engine.Transforms;

/// <summary>Cuts a box out of a grid; what lies outside the grid is 0. A crop and its inverse are the same operation.</summary>
internal static class BoxCopy
{
    /// <summary>Voxel (h, w, d) of the destination is voxel (h + offset.H, w + offset.W, d + offset.D) of the source.</summary>
    public static void Copy(
        ReadOnlySpan<float> source, GridSize from, (int H, int W, int D) offset, Span<float> destination, GridSize to)
    {
        destination[..to.Count].Clear();
        var (h0, h1) = Overlap(from.H, offset.H, to.H);
        var (w0, w1) = Overlap(from.W, offset.W, to.W);
        var (d0, d1) = Overlap(from.D, offset.D, to.D);
        if (w0 >= w1 || d0 >= d1)
            return;
        var wholeLines = from.D == to.D && offset.D == 0;
        for (var h = h0; h < h1; h++)
        {
            var sourceRow = source.Slice((h + offset.H) * from.W * from.D, from.W * from.D);
            var row = destination.Slice(h * to.W * to.D, to.W * to.D);
            if (wholeLines)
            {
                sourceRow.Slice((w0 + offset.W) * from.D, (w1 - w0) * from.D).CopyTo(row[(w0 * to.D)..]);
                continue;
            }

            for (var w = w0; w < w1; w++)
                sourceRow.Slice(((w + offset.W) * from.D) + d0 + offset.D, d1 - d0).CopyTo(row[((w * to.D) + d0)..]);
        }
    }

    private static (int First, int End) Overlap(int from, int offset, int to) => (Math.Max(0, -offset), Math.Min(to, from - offset));
}
