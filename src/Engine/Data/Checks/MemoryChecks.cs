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

        if (Input(facts, patches, samples) is { } size && !facts.IsTooSmall(Sides(patches, size)) && Footprint(facts, size) is { } footprint)
        {
            var batch = config.TrainingParameters.BatchSize;
            yield return MemoryOfTraining.At(
                "training_parameters.batch_size",
                $"a step of {batch} samples of {size} takes about {Text(footprint.TrainingBytes(batch))} beside the program; "
                + string.Create(CultureInfo.InvariantCulture, $"the network has {footprint.Weights:N0} weights."));
        }
    }

    /// <summary>Null for networks that are not counted.</summary>
    private static NetworkFootprint? Footprint(ConfigFacts facts, GridSize size)
    {
        var model = facts.Config.DefaultModel;
        if (facts.Applied.Contains("FiLMedUnet"))
            return null;
        if (facts.UsesModified3DUnet)
        {
            var own = facts.Config.Modified3DUnet;
            return Modified3DUnetFootprint.Of(new(facts.Channels, facts.Classes, own.NFilters, own.Attention), size.H, size.W, size.D);
        }

        if (facts.Network != "Unet")
            return null;
        return facts.IsVolume
            ? UnetFootprint.Of(new(facts.Channels, facts.Classes, model.Depth, model.NFilters, Dimensions: 3), size.H, size.W, size.D)
            : UnetFootprint.Of(new(facts.Channels, facts.Classes, model.Depth, model.NFilters), size.H, size.W);
    }

    private static int[] Sides(PatchSettings patches, GridSize size) => patches.IsVolume ? [size.H, size.W, size.D] : [size.H, size.W];

    /// <summary>Channels, and the classes of each rater.</summary>
    private static int Planes(ConfigFacts facts) =>
        facts.Channels + (facts.Classes * Math.Max(1, facts.Loader.TargetSuffixRaters.Select(raters => raters.Length).DefaultIfEmpty(1).Max()));

    private static GridSize? Input(ConfigFacts facts, PatchSettings patches, IReadOnlyList<(GridSize Size, int Count)> samples)
    {
        if (patches.Length is { } length)
            return length;
        if (samples.Count > 0)
            return samples.MaxBy(sample => (long)sample.Size.H * sample.Size.W * sample.Size.D).Size;
        return facts.LoadedSize is { } loaded && loaded.Size.Length == (patches.IsVolume ? 3 : 2)
            ? new GridSize(loaded.Size[0], loaded.Size[1], patches.IsVolume ? loaded.Size[2] : 1)
            : null;
    }

    private static string Text(double bytes) => bytes switch
    {
        >= 1L << 40 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1L << 40):0.0} TB"),
        >= 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1 << 30):0.0} GB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(bytes / (1 << 20), 0.1):0.0} MB"),
    };
}
