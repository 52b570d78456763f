using MedSeg.Engine.Data.Patches;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Inference;

/// <summary>How slices are cut for prediction: as in training, with another overlap, or not at all.</summary>
internal static class PatchChoice
{
    /// <summary>The patches of a request; null takes whole slices.</summary>
    /// <param name="warn">Told when an option has no effect.</param>
    /// <exception cref="SegException"><c>PatchOverlapRange</c>.</exception>
    public static PatchLayout? Of(PredictionRequest request, Action<string> warn)
    {
        var layout = PatchLayout.Of2D(request.Model.Config);
        if (layout is null || request.WholeSlices)
        {
            if (request.PatchOverlap is not null)
                warn($"PatchOverlap has no effect: {(layout is null ? $"{request.Model.Name} was trained on whole slices" : "slices are taken whole")}.");
            else if (request.WholeSlices && layout is null)
                warn($"NoPatch has no effect: {request.Model.Name} was trained on whole slices.");
            return null;
        }

        return request.PatchOverlap is { } overlap ? layout with { Stride = Stride(layout.Length, overlap) } : layout;
    }

    /// <summary>One number is for both axes; of two the first is along the width, as on the command line of the reference toolbox.</summary>
    private static GridSize Stride(GridSize length, IReadOnlyList<int> overlap)
    {
        if (overlap is [var first, ..] && overlap.Count <= 2)
        {
            var (width, height) = (first, overlap[^1]);
            if (width >= 0 && width < length.W && height >= 0 && height < length.H)
                return new GridSize(length.H - height, length.W - width);
        }

        throw new SegException(
            "PatchOverlapRange", SegErrorKind.InvalidArgument,
            $"The overlap {string.Join(", ", overlap)} does not suit patches of {length.H} rows and {length.W} columns.",
            "Give one number of pixels, or two for width and height, each at least 0 and smaller than the patch.", "PatchOverlap");
    }
}
