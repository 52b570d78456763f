namespace MedSeg;

/// <summary>One label for a contact sheet.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="Path">Full path.</param>
public sealed record TransformSheetLabel(string Name, string Path);

/// <summary>What Show-SegTransform asks for, one image.</summary>
/// <param name="ImagePath">Full path of the image, one channel.</param>
/// <param name="Labels">In the order of their colours; may be empty.</param>
/// <param name="Config">Says which transforms, the slice axis, and whether samples are slices or volumes.</param>
/// <param name="OutputPath">Full path of the PNG to write.</param>
/// <param name="Part">training, validation or testing.</param>
/// <param name="Seed">Of the draws; row i of the sheet draws from the stream (seed, i).</param>
/// <param name="Slice">Index in the RAS+ volume; null takes the slice with the largest label. Only where samples are slices.</param>
/// <param name="Count">Samples to show, each in a row with a draw of its own, at least 1.</param>
public sealed record TransformSheetRequest(
    string ImagePath, IReadOnlyList<TransformSheetLabel> Labels, SegConfig Config, string OutputPath, string Part, int Seed, int? Slice, int Count)
{
    /// <summary>Full path of the label that marks the region of interest, for ROICrop.</summary>
    public string? RoiPath { get; init; }

    /// <summary>Merged sidecars of the image; null takes the JSON file of the same name.</summary>
    public IReadOnlyDictionary<string, object?>? Metadata { get; init; }
}
