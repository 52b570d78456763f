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
        if (facts.Config.DefaultModel.FinalActivation == "softmax" && facts.Classes == 1 && !facts.IsFlat)
        {
            yield return SoftmaxOneClass.At("default_model.final_activation", "softmax over one class is always 1; use sigmoid.");
        }

        if (facts.Applied.Count > 1 && facts.Applied is not ["FiLMedUnet", "Modified3DUNet"])
        {
            yield return SeveralNetworks.At(
                facts.Applied[1] + ".applied", $"only one network can be applied; found {Describe.OneOf(facts.Applied)}.");
        }

        if (facts.IsFlat && !facts.Config.DefaultModel.Is2D)
        {
            yield return NetworkIs2D.At("default_model.is_2d", $"{facts.Network} takes slices, not volumes.");
        }

        if (facts.IsClassification && facts.Loader.SliceFilterParams.FilterEmptyMask)
        {
            yield return ClassifierSeesNoAbsence.At(
                "loader_parameters.slice_filter_params.filter_empty_mask",
                $"slices without any structure are left out, so that {facts.Network} never learns what they look like.");
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

        if (facts.UsesModified3DUnet && length.Any(n => n % 16 != 0))
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
        if (facts.IsTooSmall(input))
        {
            yield return NetworkTooDeep.At(
                facts.IsFlat ? facts.NetworkKey : facts.UsesModified3DUnet ? $"{section}.length_{suffix}" : "default_model.depth",
                $"{Need(facts)}; samples have {Words(input)}.");
        }
    }

    /// <summary>What <see cref="ConfigFacts.IsTooSmall"/> asks for, in words.</summary>
    public static string Need(ConfigFacts facts)
    {
        string halvings = facts.IsFlat ? $"the down-samplings of {facts.Network}" : $"{facts.Depth} down-samplings";
        return facts.IsVolume
            ? $"{halvings} need at least {facts.LeastSide} voxels along each side and {2 * facts.LeastSide} along one"
            : $"{halvings} need at least {facts.LeastSide} pixels";
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
        if (!facts.UsesModified3DUnet && film.FilmLayers.Length != layers)
        {
            yield return FilmLayersLength.At(
                "FiLMedUnet.film_layers", $"found {film.FilmLayers.Length} flags; depth {depth} needs {layers}.");
        }
        else if (facts.UsesModified3DUnet && film.FilmLayers.Length is > 0 and < FilmLayersIn3D)
        {
            yield return FilmLayersLength.At(
                "FiLMedUnet.film_layers", $"found {film.FilmLayers.Length} flags; Modified3DUNet needs {FilmLayersIn3D}.");
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
        if (facts.Network != "HeMISUnet")
        {
            yield break;
        }

        HemisUnetConfig hemis = facts.Config.HemisUnet;
        string[] training = facts.Loader.ContrastParams.TrainingValidation;
        if (hemis.Contrasts.Length > 0 && training.Length > 0 && !hemis.Contrasts.ToHashSet(StringComparer.Ordinal).SetEquals(training))
        {
            yield return HemisContrasts.At(
                "HeMISUnet.contrasts", $"encoders for {Describe.OneOf(hemis.Contrasts)}, and images of {Describe.OneOf(training)}.");
        }

        if (!facts.Loader.Multichannel)
        {
            yield return HemisMultichannel.At("loader_parameters.multichannel", "HeMISUnet takes the contrasts of one sample together.");
        }

        if (hemis.MissingProbability <= 0)
        {
            yield return HemisHidesNothing.At(
                "HeMISUnet.missing_probability", "no contrast is ever hidden: only samples that lack one teach the network to do without.");
        }

        if (facts.Loader.IsInputDropout)
        {
            yield return HemisInputDropout.At(
                "loader_parameters.is_input_dropout", "the network would take channels that are set to zero for contrasts that are there.");
        }
    }

    private static string Words(int[] size) => string.Join('×', size.Select(n => Describe.Number(n)));
}
