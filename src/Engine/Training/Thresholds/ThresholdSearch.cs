using MedSeg.Engine.Data.Loading;
using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Networks;
using static TorchSharp.torch;

namespace MedSeg.Engine.Training.Thresholds;

/// <summary>
/// Finds the threshold that suits a trained network best, over its training and validation images as validation prepares them. Images are
/// read one at a time and only counted. It draws nothing, so that it finds the same whenever it is repeated.
/// </summary>
/// <param name="network">With the weights to be packaged; stays the caller's. It is left in evaluation mode.</param>
/// <param name="device">Where the network is.</param>
/// <param name="load">Reads the samples of one source by its index; null where that is not possible, which has been reported.</param>
internal sealed class ThresholdSearch(SegNetwork network, Device device, int batchSize, Func<int, SampleDataset?> load)
{
    /// <summary>Searches.</summary>
    /// <param name="sources">How many sources there are.</param>
    /// <param name="done">Told after each image how many are done.</param>
    /// <returns>Null when no threshold has a defined figure, as without any label.</returns>
    public SegThresholdSearch? Run(int sources, ThresholdGrid grid, SegThresholdCriterion criterion, Action<int> done, CancellationToken ct)
    {
        network.eval();
        using var noGradient = no_grad();
        var images = new List<ThresholdCounts>();
        for (int source = 0; source < sources; source++)
        {
            ct.ThrowIfCancellationRequested();
            using SampleDataset? samples = load(source);
            if (samples is not null) images.Add(Count(samples, grid, ct));
            done(source + 1);
        }

        // An image that is classified has no overlap of its own: the rates are those of all images together.
        return ThresholdChoice.Of(grid, criterion, network.Task == NetworkTask.Classification ? Pool(images, grid) : images, images.Count);
    }

    /// <summary>Turns a configuration into one whose samples are whole images: no slice or patch is left out because of its labels (D-88).</summary>
    public static void KeepEverything(SegConfig config)
    {
        LoaderConfig loader = config.LoaderParameters;
        (loader.SliceFilterParams.FilterEmptyMask, loader.SliceFilterParams.FilterAbsentClass) = (false, false);
        (loader.PatchFilterParams.FilterEmptyMask, loader.PatchFilterParams.FilterEmptyInput, loader.PatchFilterParams.FilterAbsentClass) = (false, false, false);
        loader.RoiParams.SliceFilterRoi = null;
    }

    private ThresholdCounts Count(SampleDataset samples, ThresholdGrid grid, CancellationToken ct)
    {
        var counts = new ThresholdCounts(grid);
        var patches = new PatchMean(samples.Classes);
        int? slice = null;
        using var loader = new BatchLoader(samples, batchSize, shuffle: false, seed: 0, workers: 1);
        foreach (SampleBatch batch in loader.Epoch(1, 0, ct))
        {
            var (prediction, target) = Predict(batch);
            int size = prediction.Length / batch.Count;
            for (int n = 0; n < batch.Count; n++)
            {
                SampleOrigin origin = batch.Origins[n];
                if (origin.SliceIndex != slice) patches.CountInto(counts);
                slice = origin.SliceIndex;
                Span<float> p = prediction.AsSpan(n * size, size), g = target.AsSpan(n * size, size);
                if (origin.Corner is { } corner && size == samples.Classes * batch.Size.Count) patches.Add(corner, batch.Size, p.ToArray(), g.ToArray());
                else counts.Add(p, g);
            }
        }

        patches.CountInto(counts);
        return counts;
    }

    /// <summary>Probabilities and labels of a batch, of the same length; gives the batch back.</summary>
    private (float[] Prediction, float[] Target) Predict(SampleBatch batch)
    {
        using var scope = NewDisposeScope();
        try
        {
            var (inputs, target) = BatchTensors.From(batch, device, network.Task);
            Tensor prediction = network.forward(inputs);
            return (prediction.cpu().data<float>().ToArray(), target.cpu().data<float>().ToArray());
        }
        finally
        {
            batch.Release();
        }
    }

    private static List<ThresholdCounts> Pool(List<ThresholdCounts> images, ThresholdGrid grid)
    {
        var all = new ThresholdCounts(grid);
        foreach (ThresholdCounts image in images) all.Add(image);
        return [all];
    }
}
