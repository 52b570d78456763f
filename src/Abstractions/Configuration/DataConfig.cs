namespace MedSeg;

/// <summary><c>loader_parameters</c>: which images and labels, and which slices of them.</summary>
public sealed class LoaderConfig
{
    /// <summary>BIDS roots, read where no dataset comes down the pipeline.</summary>
    public string[] PathData { get; set; } = ["path_data"];

    /// <summary>A JSON file with patterns for names beyond the BIDS standard (docs/data.md).</summary>
    public string? BidsConfig { get; set; }

    /// <summary>False also reads images that have a subject and a suffix but do not lie where the BIDS standard wants them.</summary>
    public bool BidsValidate { get; set; } = true;

    /// <summary>Draw a number of participants by a column's value, before the split.</summary>
    public SubjectSelectionConfig SubjectSelection { get; set; } = new();

    /// <summary>One label suffix per class, for example <c>_seg-manual</c>; with several raters a list of suffixes per class.</summary>
    public string[] TargetSuffix { get; set; } = [];

    /// <summary>With several raters: per class, the suffix of each rater. Empty otherwise.</summary>
    [SegNotAKey]
    public string[][] TargetSuffixRaters { get; set; } = [];

    /// <summary>File extensions with dots; empty means every format that can be read.</summary>
    public string[] Extensions { get; set; } = [];

    /// <summary>A label that marks the region of interest.</summary>
    public RoiConfig RoiParams { get; set; } = new();

    /// <summary>Which contrasts train and which are tested.</summary>
    public ContrastConfig ContrastParams { get; set; } = new();

    /// <summary>Slices that are left out.</summary>
    public SliceFilterConfig SliceFilterParams { get; set; } = new();

    /// <summary>Patches that are left out in training and validation.</summary>
    public PatchFilterConfig PatchFilterParams { get; set; } = new();

    /// <summary>Which axis is cut into slices.</summary>
    [SegChoice("axial", "coronal", "sagittal")]
    public string SliceAxis { get; set; } = "axial";

    /// <summary>Contrasts become channels of one input.</summary>
    public bool Multichannel { get; set; }

    /// <summary>With multichannel, the contrast whose labels count; null takes those of all channels, which must then agree.</summary>
    [SegOmitDefault]
    public string? TargetContrast { get; set; }

    /// <summary>Keep labels as fractions instead of 0 and 1.</summary>
    public bool SoftGt { get; set; }

    /// <summary>Set random channels to zero in training.</summary>
    public bool IsInputDropout { get; set; }

    /// <summary>Memory for prepared samples in MB (2^20 bytes); null takes half of what is available. Samples beyond it go to disk.</summary>
    [SegRange(0, int.MaxValue)]
    [SegOmitDefault]
    public int? CacheMemoryMb { get; set; }

    /// <summary>Disk space for prepared samples in MB; null takes half of what is free, 0 keeps all in memory.</summary>
    [SegRange(0, int.MaxValue)]
    [SegOmitDefault]
    public int? CacheDiskMb { get; set; }

    /// <summary>Where prepared samples go that do not fit in memory, in a folder of their own that is removed afterwards; null takes the system's temporary folder.</summary>
    [SegOmitDefault]
    public string? CachePath { get; set; }

    /// <summary>Every suffix of target_suffix, those of all raters included.</summary>
    public IReadOnlyList<string> TargetSuffixes() =>
        TargetSuffixRaters.Length > 0 ? [.. TargetSuffixRaters.SelectMany(raters => raters).Distinct(StringComparer.Ordinal)] : TargetSuffix;

    /// <summary>Every label that training reads: <see cref="TargetSuffixes"/> and the region of interest.</summary>
    public IReadOnlyList<string> LabelSuffixes() => RoiParams.Suffix is { Length: > 0 } roi ? [.. TargetSuffixes(), roi] : TargetSuffixes();
}

/// <summary><c>subject_selection</c>: draw a number of participants by a column's value.</summary>
public sealed class SubjectSelectionConfig
{
    /// <summary>How many participants to draw, one number per rule.</summary>
    [SegRange(1, 1000000)]
    public int[] N { get; set; } = [];

    /// <summary>The column of each rule.</summary>
    public string[] Metadata { get; set; } = [];

    /// <summary>The value that the column must have, per rule.</summary>
    [SegNumberAsText]
    public string[] Value { get; set; } = [];
}

/// <summary><c>roi_params</c>: a label that marks the region of interest.</summary>
public sealed class RoiConfig
{
    /// <summary>Suffix of the label that marks the region.</summary>
    public string? Suffix { get; set; }

    /// <summary>Slices whose region has this many voxels or fewer are left out.</summary>
    [SegRange(0, int.MaxValue)]
    public int? SliceFilterRoi { get; set; }
}

/// <summary><c>contrast_params</c>: contrasts by exact suffix or <c>acq-x_suffix</c>.</summary>
public sealed class ContrastConfig
{
    /// <summary>Contrasts of training and validation, by exact suffix or <c>acq-x_suffix</c>.</summary>
    public string[] TrainingValidation { get; set; } = [];

    /// <summary>Contrasts of testing.</summary>
    public string[] Testing { get; set; } = [];

    /// <summary>Contrast to the fraction of its files that is kept in training, validation and testing, the first by path.</summary>
    [SegRange(0, 1)]
    public SegMap<double> Balance { get; set; } = [];
}

/// <summary><c>slice_filter_params</c>: slices that are left out.</summary>
public sealed class SliceFilterConfig
{
    /// <summary>Leave out a slice where a channel is constant.</summary>
    public bool FilterEmptyInput { get; set; } = true;

    /// <summary>Leave out a slice without any label (training and validation only).</summary>
    public bool FilterEmptyMask { get; set; }

    /// <summary>Leave out a slice where any class is missing (training and validation only).</summary>
    public bool FilterAbsentClass { get; set; }

    /// <summary>Leave out a slice that a classifier rejects.</summary>
    public bool FilterClassification { get; set; }

    /// <summary>The classifier of filter_classification.</summary>
    public string? ClassifierPath { get; set; }
}

/// <summary><c>patch_filter_params</c>: patches that are left out in training and validation.</summary>
public sealed class PatchFilterConfig
{
    /// <summary>Leave out a patch where a channel is constant.</summary>
    public bool FilterEmptyInput { get; set; }

    /// <summary>Leave out a patch without any label.</summary>
    public bool FilterEmptyMask { get; set; }

    /// <summary>Leave out a patch where any class is missing.</summary>
    public bool FilterAbsentClass { get; set; }
}

/// <summary><c>split_dataset</c>: who trains, who validates, who tests.</summary>
public sealed class SplitConfig
{
    /// <summary>A split saved earlier (JSON); it replaces the draw, and all other keys.</summary>
    public string? FnameSplit { get; set; }

    /// <summary>Seed of the split; training has its own.</summary>
    public int RandomSeed { get; set; } = 6;

    /// <summary>The column whose values are kept together; participant_id keeps each participant in one set.</summary>
    public string SplitMethod { get; set; } = "participant_id";

    /// <summary>Which values of a column are kept for testing.</summary>
    public DataTestingConfig DataTesting { get; set; } = new();

    /// <summary>A column whose values are spread evenly over the sets.</summary>
    public string? Balance { get; set; }

    /// <summary>Fraction of the values of split_method that train.</summary>
    [SegRange(0, 1)]
    public double TrainFraction { get; set; } = 0.6;

    /// <summary>Fraction of the values of data_type that is tested; what both leave validates.</summary>
    [SegRange(0, 1)]
    public double TestFraction { get; set; } = 0.2;
}

/// <summary><c>data_testing</c>: which column's values are kept for testing.</summary>
public sealed class DataTestingConfig
{
    /// <summary>The column; null takes split_method.</summary>
    public string? DataType { get; set; }

    /// <summary>Its values kept for testing; empty draws them.</summary>
    [SegNumberAsText]
    public string[] DataValue { get; set; } = [];
}
