using MedSeg.Engine.Data;
using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Inference.Classification;

/// <summary>Which slices hold which class in the manual labels, for comparison.</summary>
internal sealed class ReferenceSlices(SegModel model, Action<string> warn)
{
    private readonly SliceAxis _axis = SliceLayout.Parse(model.Config.LoaderParameters.SliceAxis);

    /// <summary>For each class whether each slice holds it anywhere, crops aside; null for a class without a label that can be read.</summary>
    /// <param name="image">The slices of the first channel.</param>
    public bool[]?[] Of(PredictionInput input, SliceStack image, CancellationToken ct) =>
        [.. Enumerable.Range(0, model.Classes.Count).Select(k => OfClass(input, image, k, ct))];

    private bool[]? OfClass(PredictionInput input, SliceStack image, int k, CancellationToken ct)
    {
        if (ReferenceLabels.Of(model, input, k) is not var (owner, path))
            return null;
        try
        {
            var label = ImageLoader.ReadLabel(path, owner, _axis, model.Config.LoaderParameters.SoftGt, warn, ct);
            if (ImageLoader.Apart(image, label, input.Path) is { } difference)
                throw ImageLoader.LabelDiffers(path, difference);
            return Slices(label, image.Sample.Size.Count);
        }
        catch (Exception error) when (ImageFailure.Is(error))
        {
            warn($"The label '{path}' is not compared: {ImageFailure.Of(error, path).Message}");
            return null;
        }
    }

    private static bool[] Slices(SliceStack label, int pixels)
    {
        var (plane, holds) = (new float[pixels], new bool[label.Count]);
        for (var slice = 0; slice < holds.Length; slice++)
        {
            label.CopySlice(0, slice, plane);
            holds[slice] = Array.Exists(plane, value => value >= 0.5f);
        }

        return holds;
    }
}
