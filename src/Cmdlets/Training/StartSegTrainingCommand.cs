using System.Management.Automation;
using MedSeg.Cmdlets.Configuration;
using MedSeg.Cmdlets.Devices;
using MedSeg.Engine;

namespace MedSeg.Cmdlets.Training;

/// <summary>Trains a network on a dataset and packages the model.</summary>
/// <remarks>
/// The run folder receives the split, the configuration, one line of history per epoch (history.jsonl), TensorBoard events and
/// checkpoints; the packaged model lies in a folder of its own below it. Participants are divided as split_dataset says, by a
/// seed of its own. The network sees slices, or with length_2D and stride_2D patches of them; with multichannel co-registered contrasts are the channels
/// of one input, in the order of contrast_params.training_validation. Training stops after num_epochs, or when the validation loss has not improved for
/// early_stopping_patience epochs; the weights of the epoch with the lowest validation loss are packaged.
/// Ctrl+C saves a checkpoint at once and says where it stopped, and -Resume continues from it; checkpoints are also saved after every epoch and every
/// checkpoint_every_minutes, so that a killed process loses no more than that. On the CPU the same seed, data and number of threads give
/// the same weights bit by bit, interrupted or not. A folder is used by one training at a time, and a finished run is never
/// overwritten.
/// Several seeds train one model each, one after the other, in seed-1, seed-2 … below the run folder. -Fold 5 is a cross-validation: the
/// participants are divided into five folds, and five models, in fold-1 … fold-5, each keep one of them out as their test set;
/// validation participants, by which the epoch is chosen, are drawn from the others. Each model comes as soon as it is finished, and last a summary
/// with mean ± sd of the validation figures; its Ensemble predicts the mean of the models' probabilities, as does the run folder given to
/// Invoke-SegPrediction or Get-SegModel. -Resume goes on with the first model that is not finished.
/// </remarks>
/// <example>
/// <para>Train on a dataset with a configuration file, and look at the result.</para>
/// <code>Import-BidsDataset ./data | Start-SegTraining ./config.json -OutputPath ./run</code>
/// </example>
/// <example>
/// <para>Continue a training that was stopped.</para>
/// <code>Import-BidsDataset ./data | Start-SegTraining ./config.json -OutputPath ./run -Resume</code>
/// </example>
/// <example>
/// <para>Continue it with more epochs than it was started with.</para>
/// <code>
/// $config = Import-SegConfig ./config.json
/// $config.TrainingParameters.TrainingTime.NumEpochs = 200
/// Import-BidsDataset ./data | Start-SegTraining $config -OutputPath ./run -Resume -Force
/// </code>
/// </example>
/// <example>
/// <para>Train, then find the threshold with the highest Dice over the training and validation images.</para>
/// <code>
/// $model = Import-BidsDataset ./data | Start-SegTraining ./config.json -OutputPath ./run -ThresholdSearch 0.05
/// $model.ThresholdSearch.Points
/// </code>
/// </example>
/// <example>
/// <para>Film three validation slices over the epochs.</para>
/// <code>Import-BidsDataset ./data | Start-SegTraining ./config.json -OutputPath ./run -Gif 3</code>
/// </example>
/// <example>
/// <para>Change a configuration, train, predict the test participants and measure the masks.</para>
/// <code>
/// $config = Import-SegConfig ./config.json
/// $config.TrainingParameters.BatchSize = 8
/// Import-BidsDataset ./data | Start-SegTraining -Config $config -Seed 7 | Invoke-SegPrediction | Measure-SegMetrics
/// </code>
/// </example>
/// <example>
/// <para>Train on patches of two co-registered contrasts.</para>
/// <code>
/// $config = New-SegConfig -Contrast T1w, T2w -TargetSuffix _seg-manual -Set @{
///     'loader_parameters.multichannel' = $true
///     'default_model.length_2D'        = 128, 128
///     'default_model.stride_2D'        = 64, 64
/// }
/// Import-BidsDataset ./data | Start-SegTraining -Config $config -OutputPath ./run
/// </code>
/// </example>
/// <example>
/// <para>Train with three seeds and see how much the result depends on them.</para>
/// <code>
/// $result = Import-BidsDataset ./data | Start-SegTraining ./config.json -OutputPath ./seeds -Seed 1, 2, 3
/// $result[-1].Metrics
/// </code>
/// </example>
/// <example>
/// <para>Cross-validate: every participant is predicted by the model that was trained without him, and the masks are measured. New images
/// are segmented with all models together.</para>
/// <code>
/// Import-BidsDataset ./data | Start-SegTraining ./config.json -OutputPath ./folds -Fold 5
/// Invoke-SegPrediction ./folds | Measure-SegMetrics | Measure-Object Dice -Average -StandardDeviation
/// Get-ChildItem ./new/*.nii.gz | Invoke-SegPrediction -Model ./folds -OutputPath ./masks
/// </code>
/// </example>
[Cmdlet(VerbsLifecycle.Start, "SegTraining", SupportsShouldProcess = true)]
[OutputType(typeof(SegModel), typeof(SegTrainingSummary))]
public sealed class StartSegTrainingCommand : SegCmdlet
{
    /// <summary>The configuration: a SegConfig from New-SegConfig or Import-SegConfig, or the path of a JSON or YAML file.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [PlainConfig]
    [ValidateNotNull]
    public PSObject Config { get; set; } = null!;

    /// <summary>The images, from Import-BidsDataset. Without it, the datasets that loader_parameters.path_data names.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public BidsDataset? Dataset { get; set; }

    /// <summary>The run folder, created where it is missing. Without it, the path_output of the configuration.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OutputPath { get; set; }

    /// <summary>Auto, Cpu, Cuda or Cuda:N; Auto takes the CUDA device that gpu_ids names, if there is one. Get-SegDevice lists what there is.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    public string Device { get; set; } = "Auto";

    /// <summary>
    /// Seed of the first weights, the order of slices, augmentation and dropout. Without it 0, or with -Resume the seed that the run
    /// was started with. Several give one model each, and a summary.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public int[] Seed { get; set; } = [];

    /// <summary>
    /// Cross-validate with this many folds: one model for each, which keeps it out as its test set. As many folds as participants leave
    /// one out each time. With several seeds, each fold is trained with each of them.
    /// </summary>
    [Parameter]
    [ValidateRange(2, 1000)]
    public int? Fold { get; set; }

    /// <summary>
    /// Continue the training in the run folder. When it has finished, its model is returned. A series of seeds or folds goes on with the first
    /// that is not finished; -Seed and -Fold need not be given again.
    /// </summary>
    [Parameter]
    public SwitchParameter Resume { get; set; }

    /// <summary>
    /// With -Resume: go on although the configuration, the seed, the split or the files have changed. A warning lists the changes and the
    /// manifest of the model keeps them; the epoch under way begins again. Another network or optimiser is refused even so.
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>
    /// Search a threshold after training: 0.05 tries 0.05, 0.1, … below 1 over the training and validation images. The best one becomes that of
    /// the model, and a picture of the curve lies in the run folder (thr.png or roc.png).
    /// </summary>
    [Parameter]
    [ValidateRange(0.001, 0.5)]
    public double? ThresholdSearch { get; set; }

    /// <summary>
    /// Only with -ThresholdSearch: Dice takes the threshold with the highest mean Dice, Roc that with the highest recall + specificity. Left out,
    /// Dice for masks and Roc for classified images.
    /// </summary>
    [Parameter]
    public SegThresholdCriterion? ThresholdCriterion { get; set; }

    /// <summary>
    /// How many validation slices to film: gifs in the run folder has an animated GIF of each, with a picture per epoch of the prediction (tint) and
    /// the labels (line). Slices with labels come first; the seed draws among them.
    /// </summary>
    [Parameter]
    [ValidateRange(0, 100)]
    public int Gif { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        SegConfig config = ReadConfig(Config);
        string output = ResolveOutputPath(OutputPath ?? config.PathOutput);
        IReadOnlyList<string> series = Run((_, _) => SegEngine.SeriesRuns(output, config.ModelName, Seed, Fold, Resume), output);
        string times = series.Count > 0 ? $" {series.Count} times ({string.Join(", ", series)})" : "";
        string action = Resume ? $"Continue training '{config.ModelName}'{times}" : $"Train '{config.ModelName}'{times}";
        if (!ShouldProcess(output, action))
            return;
        BidsDataset dataset = Dataset ?? ImportDataset(config);
        string location = ResolveOutputPath(".");
        int? seed = Seed.Length == 1 ? Seed[0] : null;
        var request = new TrainingRequest(dataset, config, output, Device, seed, Resume)
        {
            Location = location, Force = Force, ThresholdIncrement = ThresholdSearch, ThresholdCriterion = ThresholdCriterion, Films = Gif,
        };
        if (series.Count == 0)
            WriteObject(Run((observer, token) => SegEngine.Train(request, observer, token), output));
        else
            TrainSeries(new SeriesRequest(request, Seed, Fold), output);
    }

    /// <summary>Models come as they are finished, and the summary in the place of the ensemble, which it has.</summary>
    private void TrainSeries(SeriesRequest request, string output) => Stream(
        (observer, token) => SegEngine.TrainSeries(request, observer, token)
            .Select(model => model.Members.Count > 0 ? (object)SegEngine.Summarize(model) : model),
        output,
        terminating: true);
}
