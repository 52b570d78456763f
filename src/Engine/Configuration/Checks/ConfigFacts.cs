using System.Globalization;

namespace MedSeg.Engine.Configuration.Checks;

/// <summary>What several checks want to know of a configuration.</summary>
internal sealed class ConfigFacts(SegConfig config)
{
    /// <summary>Five halvings of it leave a pixel.</summary>
    private const int LeastOfDenseNet = 29;

    private static readonly string[] Crops = ["CenterCrop", "ROICrop", "BoundingBoxCrop"];

    public static readonly IReadOnlyList<string> RandomTransforms =
    [
        "RandomAffine", "RandomReverse", "RandomShiftIntensity", "ElasticTransform", "AdditiveGaussianNoise", "RandomGamma", "RandomBiasField",
        "RandomBlur",
    ];

    public static readonly IReadOnlyList<string> SpatialTransforms =
        ["Resample", "CenterCrop", "ROICrop", "BoundingBoxCrop", "RandomAffine", "RandomReverse", "ElasticTransform"];

    public SegConfig Config { get; } = config;

    public LoaderConfig Loader => Config.LoaderParameters;

    /// <summary>Classes without background.</summary>
    public int Classes => Loader.TargetSuffix.Length;

    /// <summary>Channels of a sample.</summary>
    public int Channels => Loader.Multichannel
        ? Math.Max(1, Loader.ContrastParams.TrainingValidation.Distinct(StringComparer.Ordinal).Count())
        : 1;

    /// <summary>The sections of networks that are applied, in the order of the configuration.</summary>
    public IReadOnlyList<string> Applied => [.. new (string Name, AppliedConfig Section)[]
    {
        ("FiLMedUnet", Config.FilmedUnet),
        ("HeMISUnet", Config.HemisUnet),
        ("Modified3DUNet", Config.Modified3DUnet),
        ("resnet18", Config.Resnet18),
        ("densenet121", Config.Densenet121),
        ("Countception", Config.Countception),
    }.Where(s => s.Section.Applied).Select(s => s.Name)];

    /// <summary>The network in use.</summary>
    public string Network => Applied.Count > 0 ? Applied[^1] : Config.DefaultModel.Name;

    /// <summary>Slices get one word each instead of a mask.</summary>
    public bool IsClassification => Network is "resnet18" or "resnet34" or "resnet50" or "densenet121";

    /// <summary>The network takes slices only.</summary>
    public bool IsFlat => IsClassification || Network == "Countception";

    /// <summary>The key that chose the network.</summary>
    public string NetworkKey => Applied.Count > 0 ? Applied[^1] + ".applied" : "default_model.name";

    /// <summary>Smallest side in pixels or voxels that the network takes.</summary>
    public int LeastSide => IsFlat ? (Network == "densenet121" ? LeastOfDenseNet : 1) : 1 << Depth;

    /// <summary>Samples have three dimensions.</summary>
    public bool IsVolume => UsesModified3DUnet || !Config.DefaultModel.Is2D;

    /// <summary>By its section, or by its name or the one of the reference's first version in <c>default_model</c>.</summary>
    public bool UsesModified3DUnet =>
        Config.Modified3DUnet.Applied || (Applied.Count == 0 && Config.DefaultModel.Name is "Modified3DUNet" or "UNet3D");

    /// <summary>
    /// The section whose patch size counts, the length and the stride; empty without patches. Modified3DUNet takes that of its section,
    /// unless <c>default_model</c> names the network and has one.
    /// </summary>
    public (string Section, string Suffix, int[] Length, int[] Stride) Patch => (TakesPatchOfModified3DUnet, IsVolume) switch
    {
        (true, _) => ("Modified3DUNet", "3D", Config.Modified3DUnet.Length3D, Config.Modified3DUnet.Stride3D),
        (_, true) => ("default_model", "3D", Config.DefaultModel.Length3D, Config.DefaultModel.Stride3D),
        _ => ("default_model", "2D", Config.DefaultModel.Length2D, Config.DefaultModel.Stride2D),
    };

    /// <summary>Down-samplings of the network.</summary>
    public int Depth => UsesModified3DUnet ? 4 : Config.DefaultModel.Depth;

    /// <summary>
    /// A sample of this size has less than one pixel or voxel at the network's lowest level; a volume needs two, since one by itself
    /// cannot be normalised.
    /// </summary>
    /// <param name="size">H, W and, of volumes, D.</param>
    public bool IsTooSmall(IReadOnlyList<int> size) => IsVolume
        ? size.Count == 3 && (size.Min() < LeastSide || size.Max() < 2 * LeastSide)
        : size.Take(2).Any(n => n < LeastSide);

    private bool TakesPatchOfModified3DUnet =>
        Config.Modified3DUnet.Applied || (UsesModified3DUnet && Config.DefaultModel.Length3D.Length == 0);

    public TransformConfig? Transform(string name) => Config.Transformation.FirstOrDefault(t => t.Name == name);

    /// <summary>The transform is used in a part: training, validation or testing.</summary>
    public static bool IsIn(TransformConfig transform, string part) => transform.DatasetType.Length == 0 || transform.DatasetType.Contains(part);

    /// <summary>
    /// Size that every training sample has after the load-time transforms, along H, W and perhaps D: that of the last crop, unless it
    /// is resampled afterwards. Null when it depends on the images.
    /// </summary>
    public (string Transform, int[] Size)? LoadedSize
    {
        get
        {
            TransformConfig[] preparation =
                [.. Config.Transformation.Where(t => IsIn(t, "training") && (t.Name == "Resample" || Crops.Contains(t.Name)))];
            return preparation is [.., var last] && last.Name != "Resample" && Numbers(last, "size") is { Length: 2 or 3 } size
                ? (last.Name, [.. size.Take(IsVolume ? 3 : 2).Select(n => (int)n)])
                : null;
        }
    }

    /// <summary>A parameter as numbers: a list, or one number; null when it is absent or something else.</summary>
    public static double[]? Numbers(ComponentConfig component, string name)
    {
        object? value = component.Parameters.GetValueOrDefault(name);
        object?[] items = value is System.Collections.IList list ? [.. list.Cast<object?>()] : [value];
        return items.All(IsNumber) ? [.. items.Select(i => Convert.ToDouble(i, CultureInfo.InvariantCulture))] : null;
    }

    private static bool IsNumber(object? value) => value is int or long or float or double;
}
