using System.Globalization;
using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Reporting;

/// <summary>Which slices to show.</summary>
internal static class OverlaySlices
{
    /// <summary>In ascending order, at least one.</summary>
    /// <exception cref="SegException"><c>SliceOutOfRange</c>.</exception>
    public static IReadOnlyList<int> Choose(OverlayInput input, SliceAxis axis, OverlayRequest request)
    {
        var (_, _, depth) = SliceLayout.Shape(input.Image.Geometry, axis);
        if (request.Slice is { } slice)
        {
            return slice >= 0 && slice < depth
                ? [slice]
                : throw new SegException(
                    "SliceOutOfRange", SegErrorKind.InvalidArgument,
                    string.Create(CultureInfo.InvariantCulture, $"Slice {slice} is not in '{request.ImagePath}', which has {depth} {request.Plane} slices."),
                    string.Create(CultureInfo.InvariantCulture, $"Give a slice from 0 to {depth - 1}."), request.ImagePath);
        }

        var reference = Areas(input.Classes.Select(c => c.Reference), axis, depth);
        var prediction = Areas(input.Classes.Select(c => c.Prediction), axis, depth);
        var area = reference.Any(a => a > 0) ? reference : prediction;
        if (request.Slices <= 1)
            return [area.Any(a => a > 0) ? Array.IndexOf(area, area.Max()) : depth / 2];
        var used = Enumerable.Range(0, depth).Where(i => reference[i] + prediction[i] > 0).ToArray();
        return Spread(used.Length > 0 ? used : [.. Enumerable.Range(0, depth)], request.Slices);
    }

    private static int[] Spread(int[] indices, int count) => indices.Length <= count
        ? indices
        : [.. Enumerable.Range(0, count).Select(i => indices[(int)((i + 0.5) * indices.Length / count)])];

    private static long[] Areas(IEnumerable<Volume?> masks, SliceAxis axis, int depth)
    {
        var areas = new long[depth];
        foreach (var mask in masks.OfType<Volume>())
        {
            var (h, w, _) = SliceLayout.Shape(mask.Geometry, axis);
            var slice = new float[h * w];
            for (var i = 0; i < depth; i++)
            {
                SliceLayout.CopySlice(mask, 0, axis, i, slice);
                areas[i] += slice.LongCount(v => v > 0);
            }
        }

        return areas;
    }
}
