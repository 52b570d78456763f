namespace MedSeg;

/// <summary>How serious a finding is. An error means the file cannot be used.</summary>
public enum FindingSeverity
{
    Information,
    Warning,
    Error,
}

/// <summary>Something noticed about a dataset, with what to do about it.</summary>
/// <param name="Id">Stable identifier, documented in docs/findings.md.</param>
/// <param name="Severity">How serious it is.</param>
/// <param name="Path">Full path of the file or folder.</param>
/// <param name="Message">What was found.</param>
/// <param name="Recommendation">What to do.</param>
public sealed record BidsFinding(string Id, FindingSeverity Severity, string Path, string Message, string Recommendation)
{
    public override string ToString() => $"{Severity}: {Message}";
}

/// <summary>One row of participants.tsv. <c>n/a</c> and empty cells are null.</summary>
/// <param name="Id">With its prefix: <c>sub-01</c>.</param>
/// <param name="Columns">Column name to value, participant_id excluded.</param>
public sealed record BidsParticipant(string Id, IReadOnlyDictionary<string, string?> Columns)
{
    public override string ToString() => Id;
}

/// <summary>One raw image with what its name, its sidecars and its labels say.</summary>
public sealed record BidsImage
{
    /// <summary>Full path of the image.</summary>
    public required string Path { get; init; }

    /// <summary>Full path of the dataset's root folder.</summary>
    public required string Root { get; init; }

    /// <summary>Path below <see cref="Root"/>, with '/' separators on every platform. With Root it identifies the image.</summary>
    public required string RelativePath { get; init; }

    /// <summary>With its prefix: <c>sub-01</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>Name to value of every entity but the subject, in file-name order: <c>ses</c>, <c>sample</c>, <c>acq</c>, <c>run</c>…</summary>
    public required IReadOnlyDictionary<string, string> Entities { get; init; }

    /// <summary>The BIDS suffix, for example <c>T2w</c> or <c>SEM</c>.</summary>
    public required string Suffix { get; init; }

    /// <summary><c>acq-x_suffix</c> where the name has an acquisition, else the suffix.</summary>
    public required string Contrast { get; init; }

    /// <summary>The BIDS data type folder: <c>anat</c>, <c>micr</c>, <c>ct</c>…</summary>
    public required string DataType { get; init; }

    /// <summary>The extension with its dots, lower case: <c>.nii.gz</c>, <c>.png</c>.</summary>
    public required string Extension { get; init; }

    /// <summary>Merged JSON sidecars, the closest file winning: string, bool, double, object?[] or nested dictionary.</summary>
    public IReadOnlyDictionary<string, object?> Metadata { get; init; } = new Dictionary<string, object?>();

    /// <summary>
    /// What the dataset's tables say about this image; of equal columns the closest that has a value wins: scans.tsv, then
    /// sessions.tsv, samples.tsv, participants.tsv. A column that occurs in several tables is there once more per table, as
    /// <c>sessions.acq_time</c>. The id columns are not among them. <c>n/a</c> and empty cells are null.
    /// </summary>
    public IReadOnlyDictionary<string, string?> Columns { get; init; } = new Dictionary<string, string?>();

    /// <summary>Target suffix (<c>_seg-manual</c>) to the full path of the label file.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The file name without its extension: <c>sub-01_T2w</c>.</summary>
    public string Stem => System.IO.Path.GetFileName(Path)[..^Extension.Length];

    public string? Session => Entities.GetValueOrDefault("ses");

    public string? Sample => Entities.GetValueOrDefault("sample");

    public override string ToString() => RelativePath;
}

/// <summary>One subject of a dataset.</summary>
/// <param name="Id">With its prefix: <c>sub-01</c>.</param>
/// <param name="Participant">Its row in participants.tsv, if any.</param>
/// <param name="Images">Its images in file-name order.</param>
public sealed record BidsSubject(string Id, BidsParticipant? Participant, IReadOnlyList<BidsImage> Images)
{
    public override string ToString() => Id;
}

/// <summary>One or several BIDS datasets, indexed. Holds paths and small tables, never voxels.</summary>
public sealed record BidsDataset
{
    /// <summary>Full paths of the root folders.</summary>
    public required IReadOnlyList<string> Roots { get; init; }

    /// <summary>Name from dataset_description.json, or the folder name.</summary>
    public required string Name { get; init; }

    /// <summary>Full path of the file with patterns by which names beyond the standard were read, or null.</summary>
    public string? BidsConfig { get; init; }

    /// <summary>False where images were also taken that do not lie where the standard wants them.</summary>
    public bool Validated { get; init; } = true;

    /// <summary>In ordinal order of their ids.</summary>
    public required IReadOnlyList<BidsSubject> Subjects { get; init; }

    /// <summary>In ordinal order of their relative paths.</summary>
    public required IReadOnlyList<BidsImage> Images { get; init; }

    public IReadOnlyList<BidsParticipant> Participants { get; init; } = [];

    /// <summary>Rows of samples.tsv: <c>sample-1</c> to its columns (participant_id among them).</summary>
    public IReadOnlyList<BidsParticipant> Samples { get; init; } = [];

    public IReadOnlyList<BidsFinding> Findings { get; init; } = [];

    /// <summary>The contrasts that occur, in ordinal order.</summary>
    public IReadOnlyList<string> Contrasts => Images.Select(i => i.Contrast).Distinct().Order(StringComparer.Ordinal).ToArray();

    /// <summary>The target suffixes that occur, in ordinal order.</summary>
    public IReadOnlyList<string> TargetSuffixes => Images.SelectMany(i => i.Labels.Keys).Distinct().Order(StringComparer.Ordinal).ToArray();

    public override string ToString() => Name;
}
