namespace MedSeg.Engine.Bids.Checks;

/// <summary>Images of more than one value per voxel: 4D series and colours. One network channel takes one value.</summary>
internal sealed class ChannelCountCheck : IBidsCheck
{
    public static readonly FindingKind FourDimensional = new(
        "FourDimensional", FindingSeverity.Warning,
        "Split it into one 3D file per time point or channel; training and prediction refuse it.");

    public static readonly FindingKind ColourImage = new(
        "ColourImage", FindingSeverity.Warning, "Convert it to one gray value per voxel; training and prediction refuse it.");

    public IReadOnlyList<FindingKind> Kinds { get; } = [FourDimensional, ColourImage];

    public IEnumerable<BidsFinding> OfFile(OpenedFile file)
    {
        if (file.Nifti is not { } layout)
            yield break;
        if (layout.Frames > 1)
            yield return file.File.Report(FourDimensional, $"has {layout.Frames} time points or channels; one is expected");
        if (layout.Type.IsColour)
            yield return file.File.Report(ColourImage, $"is a colour image ({layout.Type.Name})");
    }
}
