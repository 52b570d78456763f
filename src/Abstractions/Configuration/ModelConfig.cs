namespace MedSeg;

/// <summary><c>default_model</c>: the network and its size.</summary>
public class DefaultModelConfig
{
    /// <summary>Name of the network.</summary>
    public string Name { get; set; } = "Unet";

    /// <summary>Probability that a whole feature map is dropped.</summary>
    [SegRange(0, 1)]
    public double DropoutRate { get; set; } = 0.3;

    /// <summary>Share of the newest batch in running statistics: running = (1 − m)·running + m·batch.</summary>
    [SegRange(0, 1)]
    public double BnMomentum { get; set; } = 0.1;

    /// <summary>Number of down-samplings.</summary>
    [SegRange(1, 8)]
    public int Depth { get; set; } = 3;

    /// <summary>What turns the last feature maps into probabilities.</summary>
    [SegChoice("sigmoid", "relu", "softmax")]
    public string FinalActivation { get; set; } = "sigmoid";

    /// <summary>Slices (true) or volumes (false).</summary>
    [SegKey("is_2d")]
    public bool Is2D { get; set; } = true;

    /// <summary>Feature maps of the first level; each level doubles them.</summary>
    [SegRange(1, 1024)]
    public int NFilters { get; set; } = 64;

    /// <summary>Height and width of a patch in pixels; absent means whole slices.</summary>
    [SegKey("length_2D")]
    [SegRange(1, 65536)]
    [SegCount(2)]
    [SegOmitDefault]
    public int[] Length2D { get; set; } = [];

    /// <summary>Steps between patches in pixels.</summary>
    [SegKey("stride_2D")]
    [SegRange(1, 65536)]
    [SegCount(2)]
    [SegOmitDefault]
    public int[] Stride2D { get; set; } = [];

    /// <summary>Size of a 3D patch in voxels.</summary>
    [SegKey("length_3D")]
    [SegRange(1, 65536)]
    [SegCount(3)]
    [SegOmitDefault]
    public int[] Length3D { get; set; } = [];

    /// <summary>Steps between 3D patches in voxels.</summary>
    [SegKey("stride_3D")]
    [SegRange(1, 65536)]
    [SegCount(3)]
    [SegOmitDefault]
    public int[] Stride3D { get; set; } = [];
}

/// <summary><c>FiLMedUnet</c>: a Unet modulated by metadata.</summary>
public sealed class FilmedUnetConfig : AppliedConfig
{
    /// <summary>contrasts, mri_params or a metadata column.</summary>
    public string Metadata { get; set; } = "contrasts";

    /// <summary>2·depth + 2 flags: encoder levels, bottom, decoder levels, last convolution.</summary>
    [SegRange(0, 1)]
    public int[] FilmLayers { get; set; } = [];
}

/// <summary><c>HeMISUnet</c>: a Unet with one encoder per contrast that bears missing contrasts.</summary>
public sealed class HemisUnetConfig : AppliedConfig
{
    /// <summary>Probability p that a contrast is hidden from the network; the first epoch has every contrast, epoch e hides with p^(growth^(e − 1)).</summary>
    [SegRange(0, 1)]
    public double MissingProbability { get; set; }

    /// <summary>The probability is raised to this power after every epoch; smaller values hide more, sooner.</summary>
    [SegRange(0, 1)]
    public double MissingProbabilityGrowth { get; set; } = 1;

    /// <summary>One encoder per contrast: those of training, in any order; empty takes those.</summary>
    public string[] Contrasts { get; set; } = [];

    /// <summary>Keep slices in memory.</summary>
    public bool Ram { get; set; } = true;

    /// <summary>Where the reference toolbox caches slices.</summary>
    public string? PathHdf5 { get; set; }

    /// <summary>Where the reference toolbox caches its table.</summary>
    public string? CsvPath { get; set; }

    /// <summary>Contrasts whose labels are used; null means all.</summary>
    public string[]? TargetLst { get; set; }

    /// <summary>Contrasts whose region of interest is used; null means none.</summary>
    public string[]? RoiLst { get; set; }

    /// <summary>Name in files of the reference toolbox; has no meaning.</summary>
    public string? Name { get; set; }
}

/// <summary><c>Modified3DUNet</c>: the 3D network of Isensee et al. 2017.</summary>
public sealed class Modified3DUnetConfig : AppliedConfig
{
    /// <summary>Patch size in voxels, multiples of 16.</summary>
    [SegKey("length_3D")]
    [SegRange(16, 65536)]
    [SegCount(3)]
    public int[] Length3D { get; set; } = [128, 128, 16];

    /// <summary>Steps between patches in voxels.</summary>
    [SegKey("stride_3D")]
    [SegRange(1, 65536)]
    [SegCount(3)]
    public int[] Stride3D { get; set; } = [128, 128, 16];

    /// <summary>Attention gates on the skip connections.</summary>
    public bool Attention { get; set; }

    /// <summary>Feature maps of the first level.</summary>
    [SegRange(1, 1024)]
    public int NFilters { get; set; } = 16;

    /// <summary>Occurs in files of the reference toolbox; never read there.</summary>
    [SegKey("padding_3D")]
    public int? Padding3D { get; set; }
}

/// <summary><c>Countception</c>: a fully convolutional network for heat maps.</summary>
public sealed class CountceptionConfig : AppliedConfig
{
    /// <summary>Return several logits per output.</summary>
    public bool UseLogits { get; set; }

    /// <summary>How many logits per output.</summary>
    [SegRange(1, 1024)]
    public int LogitsPerOutput { get; set; } = 12;
}

/// <summary><c>object_detection_params</c>: crop around what another model finds.</summary>
public sealed class ObjectDetectionConfig
{
    /// <summary>Folder of the packaged model that finds the object.</summary>
    public string? ObjectDetectionPath { get; set; }

    /// <summary>Multiplies the extent of the box along height, width and depth.</summary>
    [SegRange(0, 1000, ExclusiveMinimum = true)]
    [SegCount(3)]
    public double[] SafetyFactor { get; set; } = [1, 1, 1];
}
