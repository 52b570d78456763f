using System.Globalization;
using MedSeg.Engine.Data.Samples;

namespace MedSeg.Engine.Training;

/// <summary>The errors that training itself can end with.</summary>
internal static class TrainingErrors
{
    private const int ImagesShown = 8;

    /// <param name="phase">training or validation.</param>
    /// <param name="epoch">From 1.</param>
    /// <param name="batchNumber">From 0.</param>
    /// <param name="cause">Where it began, a sentence.</param>
    public static SegException LossNotFinite(string phase, double loss, int epoch, int batchNumber, SampleBatch batch, string cause) => new(
        "LossNotFinite",
        SegErrorKind.InvalidData,
        string.Create(CultureInfo.InvariantCulture,
            $"The {phase} loss became {loss} in epoch {epoch}, batch {batchNumber + 1}, with {Images(batch)}. {cause}"),
        "Look at these images and their labels for NaN or extreme values, or lower initial_lr; the last good checkpoint has been kept.",
        string.Create(CultureInfo.InvariantCulture, $"epoch {epoch}, batch {batchNumber + 1}"));

    public static SegException WeightsNotFinite(string parameter, int epoch) => new(
        "LossNotFinite",
        SegErrorKind.InvalidData,
        string.Create(CultureInfo.InvariantCulture, $"The weights '{parameter}' became NaN or infinite in epoch {epoch}."),
        "Lower initial_lr; the last good checkpoint has been kept.",
        parameter);

    /// <param name="epoch">From 1.</param>
    /// <param name="batchNumber">From 0.</param>
    public static SegException GradientsNotFinite(int epoch, int batchNumber, SampleBatch batch) => new(
        "LossNotFinite",
        SegErrorKind.InvalidData,
        string.Create(CultureInfo.InvariantCulture,
            $"The loss is finite but its gradients are too large for float16 in epoch {epoch}, batch {batchNumber + 1}, with {Images(batch)}."),
        "Train with precision bfloat16 or float32, or lower initial_lr; the last good checkpoint has been kept.",
        string.Create(CultureInfo.InvariantCulture, $"epoch {epoch}, batch {batchNumber + 1}"));

    /// <summary>The device had no room for a batch.</summary>
    /// <param name="shape">(N,C,H,W) or (N,C,H,W,D) of the batch; empty where none has been seen.</param>
    public static SegException DeviceOutOfMemory(Exception inner, MemoryShortage shortage, string device, SegConfig config, IReadOnlyList<long> shape)
    {
        string input = shape.Count == 0 ? "" : $", inputs of {shape[1]} channels and {string.Join(" × ", shape.Skip(2))} voxels";
        return new(
            "DeviceOutOfMemory",
            SegErrorKind.Device,
            string.Create(CultureInfo.InvariantCulture,
                $"The memory of {device} did not suffice{shortage} for training_parameters.batch_size = {config.TrainingParameters.BatchSize}{input}, "
                + $"default_model.depth = {config.DefaultModel.Depth} and n_filters = {config.DefaultModel.NFilters}: {inner.Message.Split('\n')[0]}"),
            "Lower batch_size first (accumulate_batches makes up for it), then the crop or patch size, n_filters or depth; or train with -Device Cpu.",
            device,
            inner);
    }

    /// <summary>"sub-01/anat/sub-01_T2w.nii.gz (slices 3, 7), …".</summary>
    private static string Images(SampleBatch batch)
    {
        string[] images = [.. batch.Origins.GroupBy(o => o.Image.RelativePath).Select(g => $"{g.Key}{Places([.. g])}")];
        string more = images.Length > ImagesShown ? string.Create(CultureInfo.InvariantCulture, $" and {images.Length - ImagesShown} more images") : "";
        return string.Join(", ", images.Take(ImagesShown)) + more;
    }

    private static string Places(SampleOrigin[] origins)
    {
        if (origins.All(o => o is { SliceIndex: not null, Corner: null }))
            return $" (slices {string.Join(", ", origins.Select(o => o.SliceIndex!.Value.ToString(CultureInfo.InvariantCulture)))})";
        return origins.All(o => o.Place.Length == 0) ? "" : $" ({string.Join("; ", origins.Select(o => o.Place))})";
    }
}
