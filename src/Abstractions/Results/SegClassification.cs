namespace MedSeg;

/// <summary>Whether a slice holds one structure.</summary>
/// <param name="Name">Class name: the target suffix without its leading underscore.</param>
/// <param name="Suffix">Target suffix: <c>_seg-manual</c>.</param>
/// <param name="Probability">0 to 1.</param>
/// <param name="IsPresent">The probability is at least the threshold.</param>
/// <param name="Reference">Whether the manual label has the class anywhere in the slice; null where the image has no label.</param>
public sealed record SegClassProbability(string Name, string Suffix, double Probability, bool IsPresent, bool? Reference)
{
    public override string ToString() => Name;
}

/// <summary>What a classifier says of one slice of an image.</summary>
public sealed record SegClassification
{
    /// <summary>Full path of the input image; of the first channel where there are several.</summary>
    public required string ImagePath { get; init; }

    /// <summary>Full paths of all channels.</summary>
    public IReadOnlyList<string> ChannelPaths { get; init; } = [];

    /// <summary>Name of the image without folder and extension.</summary>
    public required string ImageId { get; init; }

    /// <summary>Index of the slice along the model's slice axis, from 0, in the image turned to RAS+; 0 of a picture.</summary>
    public required int Slice { get; init; }

    public required string? Subject { get; init; }

    /// <summary>Contrasts of several channels are joined: T1w+T2w.</summary>
    public required string? Contrast { get; init; }

    public required string ModelName { get; init; }

    public required string ModelPath { get; init; }

    public required double Threshold { get; init; }

    /// <summary>One entry per class of the model, in its order.</summary>
    public required IReadOnlyList<SegClassProbability> Classes { get; init; }

    /// <summary>Full path of the CSV file that has all slices when the last image is done.</summary>
    public required string OutputPath { get; init; }

    public override string ToString() => FormattableString.Invariant($"{ImageId} {Slice}");
}
