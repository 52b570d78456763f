namespace MedSeg;

/// <summary><c>loader_parameters</c>: which images and labels, and which slices of them.</summary>
public sealed class LoaderConfig
{
    public string[] PathData { get; set; } = [];

    public string? BidsConfig { get; set; }

    public bool BidsValidate { get; set; } = true;

    public SubjectSelectionConfig SubjectSelection { get; set; } = new();

    /// <summary>One label suffix per class, for example <c>_seg-manual</c>.</summary>
    public string[] TargetSuffix { get; set; } = [];

    /// <summary>With several raters: per class, the suffix of each rater. Empty otherwise.</summary>
    [SegKey("target_suffix_raters")]
    public string[][] TargetSuffixRaters { get; set; } = [];

    /// <summary>File extensions with dots; empty means every format that can be read.</summary>
    public string[] Extensions { get; set; } = [];

    public RoiConfig RoiParams { get; set; } = new();

    public ContrastConfig ContrastParams { get; set; } = new();

    public SliceFilterConfig SliceFilterParams { get; set; } = new();

    public PatchFilterConfig PatchFilterParams { get; set; } = new();

    /// <summary>Which axis is cut into slices.</summary>
    [SegChoice("axial", "coronal", "sagittal")]
    public string SliceAxis { get; set; } = "axial";

    /// <summary>Contrasts become channels of one input.</summary>
    public bool Multichannel { get; set; }

    /// <summary>Keep labels as fractions instead of 0 and 1.</summary>
    public bool SoftGt { get; set; }

    public bool IsInputDropout { get; set; }
}

/// <summary><c>subject_selection</c>: draw a number of participants by a column's value.</summary>
public sealed class SubjectSelectionConfig
{
    public int[] N { get; set; } = [];

    public string[] Metadata { get; set; } = [];

    public string[] Value { get; set; } = [];
}

/// <summary><c>roi_params</c>: a label that marks the region of interest.</summary>
public sealed class RoiConfig
{
    public string? Suffix { get; set; }

    /// <summary>Slices whose region has this many voxels or fewer are left out.</summary>
    [SegRange(0, int.MaxValue)]
    public int? SliceFilterRoi { get; set; }
}

/// <summary><c>contrast_params</c>: contrasts by exact suffix or <c>acq-x_suffix</c>.</summary>
public sealed class ContrastConfig
{
    public string[] TrainingValidation { get; set; } = [];

    public string[] Testing { get; set; } = [];

    /// <summary>Contrast to the fraction of its files that is kept.</summary>
    public Dictionary<string, double> Balance { get; set; } = [];
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

    public bool FilterClassification { get; set; }

    public string? ClassifierPath { get; set; }
}

/// <summary><c>patch_filter_params</c>: patches that are left out in training and validation.</summary>
public sealed class PatchFilterConfig
{
    public bool FilterEmptyInput { get; set; }

    public bool FilterEmptyMask { get; set; }

    public bool FilterAbsentClass { get; set; }
}

/// <summary><c>split_dataset</c>: who trains, who validates, who tests.</summary>
public sealed class SplitConfig
{
    /// <summary>A split saved earlier (JSON); all other keys are then ignored.</summary>
    public string? FnameSplit { get; set; }

    public int RandomSeed { get; set; } = 6;

    /// <summary>The column whose values are kept together; participant_id keeps each participant in one set.</summary>
    public string SplitMethod { get; set; } = "participant_id";

    public DataTestingConfig DataTesting { get; set; } = new();

    /// <summary>A categorical column to stratify by.</summary>
    public string? Balance { get; set; }

    [SegRange(0, 1)]
    public double TrainFraction { get; set; } = 0.6;

    [SegRange(0, 1)]
    public double TestFraction { get; set; } = 0.2;
}

/// <summary><c>data_testing</c>: which column's values are kept for testing.</summary>
public sealed class DataTestingConfig
{
    public string? DataType { get; set; }

    public string[] DataValue { get; set; } = [];
}
