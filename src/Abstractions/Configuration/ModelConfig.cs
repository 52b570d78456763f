namespace MedSeg;

/// <summary><c>default_model</c>: the network and its size.</summary>
public class DefaultModelConfig
{
    public string Name { get; set; } = "Unet";

    /// <summary>Probability that a whole feature map is dropped.</summary>
    [SegRange(0, 1)]
    public double DropoutRate { get; set; } = 0.3;

    /// <summary>running = (1 − m)·running + m·batch.</summary>
    [SegRange(0, 1)]
    public double BnMomentum { get; set; } = 0.1;

    /// <summary>Number of down-samplings.</summary>
    [SegRange(1, 8)]
    public int Depth { get; set; } = 3;

    [SegChoice("sigmoid", "relu", "softmax")]
    public string FinalActivation { get; set; } = "sigmoid";

    [SegKey("is_2d")]
    public bool Is2D { get; set; } = true;

    /// <summary>Feature maps of the first level; each level doubles them.</summary>
    [SegRange(1, 1024)]
    public int NFilters { get; set; } = 64;

    [SegKey("length_2D")]
    public int[] Length2D { get; set; } = [];

    [SegKey("stride_2D")]
    public int[] Stride2D { get; set; } = [];

    [SegKey("length_3D")]
    public int[] Length3D { get; set; } = [];

    [SegKey("stride_3D")]
    public int[] Stride3D { get; set; } = [];
}

/// <summary><c>FiLMedUnet</c>: a Unet modulated by metadata.</summary>
public sealed class FilmedUnetConfig : AppliedConfig
{
    public string Metadata { get; set; } = "contrasts";

    /// <summary>2·depth + 2 flags: encoder levels, bottom, decoder levels, last convolution.</summary>
    public int[] FilmLayers { get; set; } = [];
}

/// <summary><c>HeMISUnet</c>: a Unet with one encoder per contrast that bears missing contrasts.</summary>
public sealed class HemisUnetConfig : AppliedConfig
{
    [SegRange(0, 1)]
    public double MissingProbability { get; set; }

    [SegRange(0, 1)]
    public double MissingProbabilityGrowth { get; set; } = 1;

    public string[] Contrasts { get; set; } = [];

    public bool Ram { get; set; } = true;

    public string? PathHdf5 { get; set; }

    public string? CsvPath { get; set; }

    public string[] TargetLst { get; set; } = [];

    public string[] RoiLst { get; set; } = [];

    public string? Name { get; set; }
}

/// <summary><c>Modified3DUNet</c>: the 3D network of Isensee et al. 2017.</summary>
public sealed class Modified3DUnetConfig : AppliedConfig
{
    [SegKey("length_3D")]
    public int[] Length3D { get; set; } = [128, 128, 16];

    [SegKey("stride_3D")]
    public int[] Stride3D { get; set; } = [128, 128, 16];

    public bool Attention { get; set; }

    [SegRange(1, 1024)]
    public int NFilters { get; set; } = 16;

    [SegKey("padding_3D")]
    public int? Padding3D { get; set; }
}

/// <summary><c>Countception</c>: a fully convolutional network for heat maps.</summary>
public sealed class CountceptionConfig : AppliedConfig
{
    public bool UseLogits { get; set; }

    [SegRange(1, 1024)]
    public int LogitsPerOutput { get; set; } = 12;
}

/// <summary><c>object_detection_params</c>: crop around what another model finds.</summary>
public sealed class ObjectDetectionConfig
{
    public string? ObjectDetectionPath { get; set; }

    public double[] SafetyFactor { get; set; } = [1, 1, 1];
}
