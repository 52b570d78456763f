namespace MedSeg;

/// <summary>One class of one predicted image.</summary>
/// <param name="Name">Class name: the target suffix without its leading underscore.</param>
/// <param name="Suffix">Target suffix: <c>_seg-manual</c>.</param>
/// <param name="Path">Full path of the mask file.</param>
/// <param name="SoftPath">Full path of the probability file, or null.</param>
/// <param name="ReferencePath">Full path of the manual label, or null.</param>
/// <param name="Voxels">Number of voxels in the mask.</param>
/// <param name="VolumeMm3">Their volume in mm³ (2D images whose sidecar gives no thickness count as thick as a pixel is wide).</param>
public sealed record SegPredictedClass(
    string Name, string Suffix, string Path, string? SoftPath, string? ReferencePath, long Voxels, double VolumeMm3)
{
    public override string ToString() => Name;
}

/// <summary>The prediction for one image, all classes.</summary>
public sealed record SegPrediction
{
    /// <summary>Full path of the input image; of the first channel where there are several.</summary>
    public required string ImagePath { get; init; }

    /// <summary>Full paths of all channels.</summary>
    public IReadOnlyList<string> ChannelPaths { get; init; } = [];

    /// <summary>Contrast of each of <see cref="ChannelPaths"/>; empty for models of one channel.</summary>
    public IReadOnlyList<string> UsedContrasts { get; init; } = [];

    /// <summary>Contrasts that the model knows and this image lacks; only a model of HeMISUnet predicts without them.</summary>
    public IReadOnlyList<string> MissingContrasts { get; init; } = [];

    /// <summary>Name of the image without folder and extension.</summary>
    public required string ImageId { get; init; }

    public required string? Subject { get; init; }

    /// <summary>Contrasts of several channels are joined: T1w+T2w.</summary>
    public required string? Contrast { get; init; }

    public required string ModelName { get; init; }

    public required string ModelPath { get; init; }

    public required double Threshold { get; init; }

    public required IReadOnlyList<SegPredictedClass> Classes { get; init; }

    /// <summary>Folder of the derivatives dataset that was written.</summary>
    public required string OutputPath { get; init; }

    /// <summary>Wall time for this image, reading and writing included.</summary>
    public required TimeSpan WallTime { get; init; }

    public override string ToString() => ImageId;
}
