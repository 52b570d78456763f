namespace MedSeg;

/// <summary>When a transform is applied.</summary>
public enum SegTransformStage
{
    /// <summary>Once, when an image is loaded.</summary>
    Load,

    /// <summary>Whenever a sample is taken.</summary>
    Access,
}

/// <summary>One transform as it was applied to one sample.</summary>
public sealed record SegTransformStep
{
    /// <summary>Row of the sheet, from 1.</summary>
    public required int Sample { get; init; }

    /// <summary>Index of the slice in the volume; null where the sample is the whole volume.</summary>
    public required int? Slice { get; init; }

    public required SegTransformStage Stage { get; init; }

    /// <summary>The transform.</summary>
    public required string Name { get; init; }

    /// <summary>False where the draw left the sample as it was.</summary>
    public required bool Changed { get; init; }

    /// <summary>What was drawn: parameter to one number, or one for each axis or channel.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<double>> Parameters { get; init; }

    /// <summary>Voxels afterwards along H, W (and D).</summary>
    public required IReadOnlyList<int> Size { get; init; }

    /// <summary>Voxel size afterwards in mm along H, W (and D).</summary>
    public required IReadOnlyList<double> Spacing { get; init; }

    public override string ToString() => Name;
}

/// <summary>A contact sheet: an image and its label after each transform of a configuration.</summary>
public sealed record SegTransformSheet
{
    /// <summary>Full path of the PNG.</summary>
    public required string Path { get; init; }

    /// <summary>Full path of the image.</summary>
    public required string ImagePath { get; init; }

    /// <summary>training, validation or testing.</summary>
    public required string Part { get; init; }

    public required int Seed { get; init; }

    /// <summary>Rows of the picture, each a sample with a draw of its own.</summary>
    public required int Samples { get; init; }

    /// <summary>In the order in which they were applied, sample after sample.</summary>
    public required IReadOnlyList<SegTransformStep> Steps { get; init; }

    public override string ToString() => Path;
}
