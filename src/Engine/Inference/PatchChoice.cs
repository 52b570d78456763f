using MedSeg.Engine.Data.Patches;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Inference;

/// <summary>How slices or volumes are cut for prediction: as in training, with another overlap, or not at all.</summary>
internal static class PatchChoice
{
    /// <summary>The patches of a request.</summary>
    /// <param name="warn">Told when an option has no effect.</param>
    /// <exception cref="SegException"><c>PatchOverlapRange</c>, or an error of the configuration.</exception>
    public static PatchSettings Of(PredictionRequest request, Action<string> warn)
    {
        var settings = PatchSettings.Of(request.Model.Config);
        if (settings.Length is { } length && !request.WholeSlices)
            return request.PatchOverlap is { } overlap ? settings with { Stride = Stride(settings.IsVolume, length, overlap) } : settings;
        if (request.PatchOverlap is not null)
            warn($"PatchOverlap has no effect: {(settings.Length is null ? $"{request.Model.Name} was trained without patches" : settings.IsVolume ? "volumes are taken whole" : "slices are taken whole")}.");
        else if (request.WholeSlices && settings.Length is null)
            warn($"NoPatch has no effect: {request.Model.Name} was trained without patches.");
        return settings with { Length = null, Stride = null };
    }

    /// <summary>One number is for all axes; of several the first is along the width, as on the command line of the reference toolbox.</summary>
    private static GridSize Stride(bool isVolume, GridSize length, IReadOnlyList<int> overlap)
    {
        if (overlap.Count == 1 || overlap.Count == (isVolume ? 3 : 2))
        {
            var (width, height) = (overlap[0], overlap[overlap.Count == 1 ? 0 : 1]);
            var depth = isVolume ? overlap[^1] : 0;
            if (width >= 0 && width < length.W && height >= 0 && height < length.H && depth >= 0 && depth < length.D)
                return new GridSize(length.H - height, length.W - width, length.D - depth);
        }

        throw new SegException(
            "PatchOverlapRange", SegErrorKind.InvalidArgument,
            $"The overlap {string.Join(", ", overlap)} does not suit patches of {length.H} rows{(isVolume ? $", {length.W} columns and a depth of {length.D}" : $" and {length.W} columns")}.",
            isVolume
                ? "Give one number of voxels, or three for width, height and depth, each at least 0 and smaller than the patch."
                : "Give one number of pixels, or two for width and height, each at least 0 and smaller than the patch.",
            "PatchOverlap");
    }
}
