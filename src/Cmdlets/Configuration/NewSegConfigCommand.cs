using System.Collections;
using System.Management.Automation;
using MedSeg.Engine;

namespace MedSeg.Cmdlets.Configuration;

/// <summary>Makes a configuration for training from the usual choices.</summary>
/// <remarks>
/// Everything that is not given has the default of docs/configuration.md, except that images are normalised (NormalizeInstance)
/// and that slices without any label are left out of training (filter_empty_mask). A dataset tells its contrasts and its
/// labels; -Contrast and -TargetSuffix choose among them. Any other key is set with -Set by the name that it has in files. The
/// result is a tree of typed sections that can be changed before use: $config.TrainingParameters.BatchSize = 8.
/// </remarks>
/// <example>
/// <para>A configuration for one contrast and one label.</para>
/// <code>New-SegConfig -ModelName seg_cord_t2 -Contrast T2w -TargetSuffix _seg-manual -Resample 0.75 -CropSize 128, 128</code>
/// </example>
/// <example>
/// <para>Take contrasts and labels from a dataset, and train.</para>
/// <code>$data = Import-BidsDataset ./data
/// $config = $data | New-SegConfig -Depth 3 -FilterCount 16 -Epoch 60 -Augment
/// $data | Start-SegTraining -Config $config</code>
/// </example>
/// <example>
/// <para>Set keys that have no parameter of their own.</para>
/// <code>New-SegConfig -Contrast T1w -TargetSuffix _seg -Set @{
///     'default_model.bn_momentum' = 0.2
///     'training_parameters.loss.name' = 'FocalLoss'
///     'training_parameters.loss.gamma' = 3
/// }</code>
/// </example>
[Cmdlet(VerbsCommon.New, "SegConfig")]
[OutputType(typeof(SegConfig))]
public sealed partial class NewSegConfigCommand : SegCmdlet
{
    /// <summary>Name of the packaged model and of its folder.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? ModelName { get; set; }

    /// <summary>A dataset that tells the contrasts and the labels.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public BidsDataset? Dataset { get; set; }

    /// <summary>Contrasts of training and validation: exact suffixes such as T2w, or acq-x_suffix. Default: those of the dataset that have a label.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DatasetValueCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? Contrast { get; set; }

    /// <summary>Contrasts of testing. Default: those of training.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DatasetValueCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? TestContrast { get; set; }

    /// <summary>Label suffixes, one per class, for example _seg-manual. Default: all labels of the dataset.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DatasetValueCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? TargetSuffix { get; set; }

    /// <summary>The network. With FiLMedUnet every layer is modulated, with HeMISUnet the contrasts are channels of one sample.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ComponentCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Network { get; set; }

    /// <summary>Number of down-samplings of a Unet, FiLMedUnet or HeMISUnet; other networks have one depth.</summary>
    [Parameter]
    [Number(Whole = true)]
    public int? Depth { get; set; }

    /// <summary>Feature maps of the first level; each level doubles them. Classifiers and Countception have sizes of their own.</summary>
    [Parameter]
    [Alias("NFilters")]
    [Number(Whole = true)]
    public int? FilterCount { get; set; }

    /// <summary>Probability that a feature map is dropped in training.</summary>
    [Parameter]
    [Number]
    public double? DropoutRate { get; set; }

    /// <summary>Epochs at most.</summary>
    [Parameter]
    [Alias("Epochs")]
    [Number(Whole = true)]
    public int? Epoch { get; set; }

    /// <summary>Slices per step.</summary>
    [Parameter]
    [Number(Whole = true)]
    public int? BatchSize { get; set; }

    /// <summary>Learning rate of the first epoch.</summary>
    [Parameter]
    [Number]
    public double? LearningRate { get; set; }

    /// <summary>Epochs without improvement after which training stops.</summary>
    [Parameter]
    [Number(Whole = true)]
    public int? Patience { get; set; }

    /// <summary>What training minimises. Its parameters are set with -Set.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ComponentCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Loss { get; set; }

    /// <summary>Pixel size in mm to which images are resampled: one number for both directions of a slice, or height, width and (3D) depth.</summary>
    [Parameter]
    [ValidateCount(1, 3)]
    [Number]
    public double[]? Resample { get; set; }

    /// <summary>Height and width in pixels to which slices are cropped or padded around their centre; one number for a square.</summary>
    [Parameter]
    [ValidateCount(1, 3)]
    [Number(Whole = true)]
    public int[]? CropSize { get; set; }

    /// <summary>Which axis is cut into slices.</summary>
    [Parameter]
    [ValidateSet("axial", "coronal", "sagittal")]
    public string? SliceAxis { get; set; }

    /// <summary>Seed of the split into training, validation and test. Training has its own.</summary>
    [Parameter]
    [Number(Whole = true)]
    public int? Seed { get; set; }

    /// <summary>Fraction of the participants that train.</summary>
    [Parameter]
    [Number]
    public double? TrainFraction { get; set; }

    /// <summary>Fraction of the participants that are tested; what is left validates.</summary>
    [Parameter]
    [Number]
    public double? TestFraction { get; set; }

    /// <summary>Vary training images at random: small rotations, shifts, changes of size and of intensity.</summary>
    [Parameter]
    public SwitchParameter Augment { get; set; }

    /// <summary>Any key by the name that it has in files, with its value: @{ 'training_parameters.batch_size' = 4 }.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ConfigKeyCompleter))]
    [ValidateNotNull]
    public IDictionary? Set { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        List<KeyValuePair<string, object?>> choices = Choices();
        Dictionary<string, object?> set = PlainValues.Of(Set);
        WriteObject(Run((_, _) =>
        {
            var config = new SegConfig();
            foreach ((string key, object? value) in choices)
            {
                SegEngine.SetConfigValue(config, key, value);
            }

            SegEngine.SetConfigValues(config, set);
            SegEngine.ValidateConfigValues(config);
            return config;
        }));
    }
}
