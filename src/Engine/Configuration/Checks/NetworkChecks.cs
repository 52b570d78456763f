using static MedSeg.Engine.Configuration.Checks.ConfigFindingCatalog;

namespace MedSeg.Engine.Configuration.Checks;

/// <summary>Which network, its size, its patches, and FiLM.</summary>
internal static class NetworkChecks
{
    private const int FilmLayersIn3D = 10;

    public static IEnumerable<SegFinding> Of(ConfigFacts facts) =>
        [.. Choice(facts), .. Patches(facts), .. Sizes(facts), .. Film(facts), .. Hemis(facts)];

    private static IEnumerable<SegFinding> Choice(ConfigFacts facts)
    {
        if (facts.Config.DefaultModel.FinalActivation == "softmax" && facts.Classes == 1)
        {
            yield return SoftmaxOneClass.At("default_model.final_activation", "softmax over one class is always 1; use sigmoid.");
        }

        if (facts.Applied.Count > 1 && facts.Applied is not ["FiLMedUnet", "Modified3DUNet"])
        {
            yield return SeveralNetworks.At(
                facts.Applied[1] + ".applied", $"only one network can be applied; found {Describe.OneOf(facts.Applied)}.");
        }

        if (facts.IsClassification && facts.Loader.Multichannel)
        {
            yield return ClassificationMultichannel.At("loader_parameters.multichannel", $"{facts.Network} takes one channel.");
        }
    }

    private static IEnumerable<SegFinding> Patches(ConfigFacts facts)
    {
        (string section, string suffix, int[] length, int[] stride) = facts.Patch;
        string lengthKey = $"{section}.length_{suffix}";
        string strideKey = $"{section}.stride_{suffix}";
        if (length.Length != stride.Length && !(facts.IsVolume && length.Length == 0))
        {
            yield return PatchStride.At(strideKey, $"length_{suffix} and stride_{suffix} belong together; give both or none.");
        }
        else if (length.Zip(stride).Any(p => p.Second > p.First))
        {
            yield return PatchStride.At(strideKey, $"a stride larger than the patch leaves gaps; it may at most equal length_{suffix}.");
        }

        if (facts.IsVolume && length.Any(n => n % 16 != 0))
        {
            yield return PatchLengthOf16.At(
                lengthKey, $"{Words(length)}: the network halves each length four times, so that it must be a multiple of 16.");
        }

        if (facts.IsVolume && facts.Config.DefaultModel.Length2D.Length > 0)
        {
            yield return PatchOfOtherDimension.At("default_model.length_2D", "samples are volumes, so that these patches are not used.");
        }
    }

    private static IEnumerable<SegFinding> Sizes(ConfigFacts facts)
    {
        (string section, string suffix, int[] length, _) = facts.Patch;
        (string Transform, int[] Size)? loaded = facts.LoadedSize;
        if (loaded is { } crop && length.Length > 0 && length.Zip(crop.Size).Any(p => p.First > p.Second))
        {
            yield return PatchLargerThanCrop.At(
                $"{section}.length_{suffix}",
                $"patches of {Words(length)} do not fit into samples of {Words(crop.Size)} after {crop.Transform}.");
        }

        int[] input = length.Length > 0 ? length : loaded?.Size ?? [];
        int least = 1 << facts.Config.DefaultModel.Depth;
        if (!facts.IsVolume && !facts.IsClassification && input.Take(2).Any(n => n < least))
        {
            yield return NetworkTooDeep.At(
                "default_model.depth",
                $"{facts.Config.DefaultModel.Depth} down-samplings need at least {least} pixels; samples have {Words(input)}.");
        }
    }

    private static IEnumerable<SegFinding> Film(ConfigFacts facts)
    {
        FilmedUnetConfig film = facts.Config.FilmedUnet;
        if (!film.Applied)
        {
            yield break;
        }

        int depth = facts.Config.DefaultModel.Depth;
        int layers = (2 * depth) + 2;
        if (!facts.IsVolume && film.FilmLayers.Length != layers)
        {
            yield return FilmLayersLength.At(
                "FiLMedUnet.film_layers", $"found {film.FilmLayers.Length} flags; depth {depth} needs {layers}.");
        }
        else if (facts.IsVolume && film.FilmLayers.Length is > 0 and < FilmLayersIn3D)
        {
            yield return FilmLayersLength.At(
                "FiLMedUnet.film_layers", $"found {film.FilmLayers.Length} flags; in three dimensions {FilmLayersIn3D} are needed.");
        }
        else if (film.FilmLayers.All(flag => flag == 0))
        {
            yield return FilmWithoutLayer.At("FiLMedUnet.film_layers", "no layer is modulated, so that the metadata have no effect.");
        }

        if (string.IsNullOrWhiteSpace(film.Metadata))
        {
            yield return FilmMetadataMissing.At("FiLMedUnet.metadata", "FiLM has nothing to modulate by.");
        }
    }

    private static IEnumerable<SegFinding> Hemis(ConfigFacts facts)
    {
        HemisUnetConfig hemis = facts.Config.HemisUnet;
        string[] training = facts.Loader.ContrastParams.TrainingValidation;
        if (hemis.Applied && training.Length > 0 && !hemis.Contrasts.ToHashSet(StringComparer.Ordinal).SetEquals(training))
        {
            yield return HemisContrasts.At(
                "HeMISUnet.contrasts",
                $"encoders for {(hemis.Contrasts.Length == 0 ? "nothing" : Describe.OneOf(hemis.Contrasts))}, and images of {Describe.OneOf(training)}.");
        }
    }

    private static string Words(int[] size) => string.Join('×', size.Select(n => Describe.Number(n)));
}
