using MedSeg.Engine.Data;

namespace MedSeg.Engine.Inference;

/// <summary>The manual labels that predictions are compared with.</summary>
internal static class ReferenceLabels
{
    /// <summary>
    /// The label of the first rater who has labelled the image, on the first channel that has it; with <c>target_contrast</c>, on the
    /// channel of that contrast. Null without a label.
    /// </summary>
    /// <param name="k">Class.</param>
    public static (BidsImage Image, string Path)? Of(SegModel model, PredictionInput input, int k)
    {
        var images = input.Channels.Select(channel => channel.Image).OfType<BidsImage>().ToList();
        var loader = model.Config.LoaderParameters;
        if (images.Count > 1 && loader.TargetContrast is { } contrast)
            images = images.FindAll(image => ImageSelector.HasContrast(image, contrast));
        string[] raters = loader.TargetSuffixRaters.Length > 0 ? loader.TargetSuffixRaters[k] : [loader.TargetSuffix[k]];
        foreach (var rater in raters)
        {
            if (images.Find(image => image.Labels.ContainsKey(rater)) is { } image)
                return (image, image.Labels[rater]);
        }

        return null;
    }
}
