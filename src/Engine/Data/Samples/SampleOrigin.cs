using MedSeg.Engine.Data.Patches;

namespace MedSeg.Engine.Data.Samples;

/// <summary>Where a sample comes from.</summary>
/// <param name="Source">The image or images.</param>
/// <param name="SliceIndex">From 0 along the slice axis of the RAS+ volume; null for volumes and patches of them.</param>
/// <param name="Corner">First voxel of a patch, after the load-time transforms; null for whole slices and volumes.</param>
public sealed record SampleOrigin(SampleSource Source, int? SliceIndex = null, PatchCorner? Corner = null)
{
    /// <summary>The image that stands for the sample.</summary>
    public BidsImage Image => Source.Reference;

    /// <summary>Indices of the classes that nobody has labelled in this image: their target is 0 for want of a file.</summary>
    public IReadOnlyList<int> UnlabelledClasses { get; init; } = [];

    /// <summary>Place within the image, for messages: "slice 3", "slice 3 patch (0, 32)"; empty for a whole volume.</summary>
    public string Place => (SliceIndex, Corner) switch
    {
        (null, null) => string.Empty,
        ({ } slice, null) => FormattableString.Invariant($"slice {slice}"),
        ({ } slice, { } corner) => FormattableString.Invariant($"slice {slice} patch ({corner.H}, {corner.W})"),
        (null, { } corner) => FormattableString.Invariant($"patch ({corner.H}, {corner.W}, {corner.D})"),
    };

    public override string ToString() => Place.Length == 0 ? Image.RelativePath : $"{Image.RelativePath} {Place}";
}
