using System.Globalization;
using MedSeg.Engine.Configuration;
using MedSeg.Engine.Data;
using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Transforms;
using static TorchSharp.torch;

namespace MedSeg.Engine.Training.Thresholds;

/// <summary>The threshold search of a run: between the last epoch and packaging, so that a package has its threshold from the start.</summary>
internal static class RunThreshold
{
    private const string Step = "binarize_prediction";

    /// <summary>Searches over the images of a run, draws the curve, and writes the threshold into the configuration.</summary>
    /// <param name="config">Of the model to be packaged; its postprocessing is changed.</param>
    /// <param name="network">With the weights to be packaged.</param>
    /// <param name="options">How samples are made.</param>
    /// <param name="asked">Step between thresholds, and by what to choose; null takes Dice for masks and the ROC for classified images.</param>
    /// <returns>Null where nothing is labelled; a warning then says that the threshold stays.</returns>
    public static SegThresholdSearch? Find(
        SegConfig config, ComponentCatalog catalog, (SegNetwork Network, Device Device) network, TrainingImages images, SampleDatasetOptions options,
        (double Increment, SegThresholdCriterion? Criterion) asked, RunFolder run, ISegObserver observer, CancellationToken ct)
    {
        var grid = new ThresholdGrid(asked.Increment);
        SegThresholdCriterion criterion = asked.Criterion
            ?? (network.Network.Task == NetworkTask.Classification ? SegThresholdCriterion.Roc : SegThresholdCriterion.Dice);
        SegConfig whole = ConfigReader.Parse(ConfigWriter.ToJson(config), "the configuration.json", catalog, _ => { });
        ThresholdSearch.KeepEverything(whole);
        SampleSource[] sources = [.. images.Training, .. images.Validation];
        float[][]? metadata = images.Film is { } film ? [.. film.Training.Rows, .. film.Validation.Rows] : null;
        SampleDataset? Load(int i) => LoadOne(sources[i], whole, options with { Metadata = metadata is null ? null : [metadata[i]] }, ct);
        void Show(int done) => observer.Progress(new(
            0, $"Threshold for {config.ModelName}", string.Create(CultureInfo.InvariantCulture, $"Image {done}/{sources.Length}"), 100 * done / sources.Length,
            Completed: done == sources.Length));
        var search = new ThresholdSearch(network.Network, network.Device, config.TrainingParameters.BatchSize, Load);
        SegThresholdSearch? found = search.Run(sources.Length, grid, criterion, Show, ct);
        if (found is null)
        {
            observer.Warning("The threshold search found nothing labelled in the training and validation images: the threshold stays as configured.");
            return null;
        }

        ThresholdChart.Write(found, run);
        Configure(config, found.Threshold);
        observer.Verbose(string.Create(CultureInfo.InvariantCulture, $"Threshold search: {found}."));
        return found;
    }

    private static void Configure(SegConfig config, double threshold)
    {
        var step = new ComponentConfig(Step, new Dictionary<string, object?> { ["thr"] = threshold });
        int at = Array.FindIndex(config.Postprocessing, s => s.Name == Step);
        config.Postprocessing = at < 0 ? [step, .. config.Postprocessing] : [.. config.Postprocessing[..at], step, .. config.Postprocessing[(at + 1)..]];
    }

    /// <summary>An image that cannot be read has been reported when training began.</summary>
    private static SampleDataset? LoadOne(SampleSource source, SegConfig config, SampleDatasetOptions options, CancellationToken ct)
    {
        try
        {
            return SampleDataset.Load([source], config, DatasetParts.Validation, SilentObserver.Instance, ct, options);
        }
        catch (SegException e) when (e.ErrorId is "NoImageLoaded" or "NoSampleLeft")
        {
            return null;
        }
    }
}
