using System.Globalization;
using MedSeg.Engine.Configuration.Checks;
using MedSeg.Engine.Data.Patches;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Transforms;
using static MedSeg.Engine.Configuration.Checks.ConfigFindingCatalog;

namespace MedSeg.Engine.Data.Checks;

/// <summary>Estimates of the memory that prepared samples and one training step take.</summary>
internal static class MemoryChecks
{
    private const long BytesPerNumber = 4;

    /// <param name="samples">Size and number of the samples that training keeps; empty without a dataset.</param>
    public static IEnumerable<SegFinding> Of(SegConfig config, IReadOnlyList<(GridSize Size, int Count)> samples)
    {
        var facts = new ConfigFacts(config);
        var patches = PatchSettings.Of(config);
        if (samples.Count > 0)
        {
            var count = samples.Sum(sample => (long)sample.Count) / facts.Channels;
            var voxels = samples.Sum(sample => (double)sample.Count * sample.Size.H * sample.Size.W * sample.Size.D) / facts.Channels;
            var bytes = voxels * Planes(facts) * BytesPerNumber;
            yield return MemoryOfSamples.At(
                "loader_parameters",
                $"{count} {(patches.IsVolume ? "volumes" : "slices")} of {Planes(facts)} planes take {Text(bytes)} before slices are left out.");
        }

        if (facts.Network == "Unet" && !patches.IsVolume && Input(facts, patches, samples) is { } size
            && Math.Min(size.H, size.W) >= 1 << config.DefaultModel.Depth)
        {
            var footprint = UnetFootprint.Of(
                new UnetOptions(facts.Channels, facts.Classes, config.DefaultModel.Depth, config.DefaultModel.NFilters), size.H, size.W);
            var batch = config.TrainingParameters.BatchSize;
            yield return MemoryOfTraining.At(
                "training_parameters.batch_size",
                $"a step of {batch} samples of {size} takes about {Text(footprint.TrainingBytes(batch))} beside the program; "
                + string.Create(CultureInfo.InvariantCulture, $"the network has {footprint.Weights:N0} weights."));
        }
    }

    /// <summary>Channels, and the classes of each rater.</summary>
    private static int Planes(ConfigFacts facts) =>
        facts.Channels + (facts.Classes * Math.Max(1, facts.Loader.TargetSuffixRaters.Select(raters => raters.Length).DefaultIfEmpty(1).Max()));

    private static GridSize? Input(ConfigFacts facts, PatchSettings patches, IReadOnlyList<(GridSize Size, int Count)> samples)
    {
        if (patches.Length is { } length)
            return length;
        if (samples.Count > 0)
            return samples.MaxBy(sample => (long)sample.Size.H * sample.Size.W).Size;
        return facts.LoadedSize is { } loaded ? new GridSize(loaded.Size[0], loaded.Size[1]) : null;
    }

    private static string Text(double bytes) => bytes switch
    {
        >= 1L << 40 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1L << 40):0.0} TB"),
        >= 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1 << 30):0.0} GB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(bytes / (1 << 20), 0.1):0.0} MB"),
    };
}
