namespace MedSeg.Engine.Configuration;

/// <summary>What keys must say together.</summary>
internal static class CrossChecks
{
    private static readonly string[] Spatial =
        ["Resample", "CenterCrop", "ROICrop", "BoundingBoxCrop", "RandomAffine", "RandomReverse", "ElasticTransform"];

    public static IEnumerable<(string Key, string Message)> Of(SegConfig config) =>
        [.. Labels(config.LoaderParameters), .. Loader(config), .. Split(config.SplitDataset), .. Model(config), .. Steps(config)];

    private static IEnumerable<(string Key, string Message)> Labels(LoaderConfig loader)
    {
        const string Key = "loader_parameters.target_suffix";
        if (loader.TargetSuffix.Length == 0)
        {
            yield return (Key, "there is no target; name one label suffix per class, for example '_seg-manual'.");
        }

        string[] all = [.. loader.TargetSuffixes()];
        if (all.FirstOrDefault(string.IsNullOrWhiteSpace) is not null)
        {
            yield return (Key, "a suffix is empty.");
        }

        if (all.FirstOrDefault(s => !string.IsNullOrWhiteSpace(s) && !TargetSuffixRule.IsValid(s)) is { } odd)
        {
            yield return (Key, $"'{odd}' cannot be part of a file name; a suffix has only {TargetSuffixRule.Allowed}.");
        }

        int raters = loader.TargetSuffixRaters.Length == 0 ? 1 : loader.TargetSuffixRaters.Max(r => r.Length);
        if (loader.TargetSuffixRaters.FirstOrDefault(r => r.Length != 1 && r.Length != raters) is { } other)
        {
            yield return (Key, $"one class has {raters} raters and another {other.Length}; name the same raters for each, or one suffix that they share.");
        }

        if (loader.TargetSuffix.GroupBy(s => s).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            yield return (Key, $"'{twice.Key}' occurs {twice.Count()} times; every class needs its own label.");
        }
    }

    private static IEnumerable<(string Key, string Message)> Loader(SegConfig config)
    {
        LoaderConfig loader = config.LoaderParameters;
        if (loader.Multichannel && loader.ContrastParams.Balance.Count > 0)
        {
            yield return (
                "loader_parameters.contrast_params.balance",
                "contrasts that are channels of one input cannot be balanced; drop balance or multichannel.");
        }

        SubjectSelectionConfig rules = loader.SubjectSelection;
        if (rules.N.Length != rules.Metadata.Length || rules.N.Length != rules.Value.Length)
        {
            yield return (
                "loader_parameters.subject_selection",
                $"n, metadata and value have {rules.N.Length}, {rules.Metadata.Length} and {rules.Value.Length} elements; "
                + "they must have equally many.");
        }

        if (loader is { Multichannel: true, TargetContrast: { } target } && !loader.ContrastParams.TrainingValidation.Contains(target))
        {
            yield return (
                "loader_parameters.target_contrast",
                $"'{target}' is no channel; choose among {Describe.OneOf(loader.ContrastParams.TrainingValidation)}.");
        }

        if (loader is { Multichannel: true, ContrastParams.TrainingValidation.Length: 0 })
        {
            yield return ("loader_parameters.contrast_params.training_validation", "multichannel needs the contrasts in the order of the channels.");
        }

        if (loader.RoiParams.SliceFilterRoi is not null && loader.RoiParams.Suffix is null)
        {
            yield return ("loader_parameters.roi_params.slice_filter_roi", "there is no region of interest; give roi_params.suffix.");
        }

        if (loader.SliceFilterParams is { FilterClassification: true, ClassifierPath: null })
        {
            yield return ("loader_parameters.slice_filter_params.classifier_path", "filter_classification needs a classifier.");
        }

        if (loader.Extensions.FirstOrDefault(e => !e.StartsWith('.')) is { } extension)
        {
            yield return ("loader_parameters.extensions", $"'{extension}' has no leading dot; write '.{extension}'.");
        }
    }

    private static IEnumerable<(string Key, string Message)> Split(SplitConfig split)
    {
        if (split.FnameSplit is not null)
        {
            yield break;
        }

        double sum = split.TrainFraction + split.TestFraction;
        if (split.TrainFraction == 0)
        {
            yield return ("split_dataset.train_fraction", "0 leaves nothing to train on.");
        }

        if (sum > 1 + 1e-9)
        {
            yield return (
                "split_dataset.train_fraction",
                $"train_fraction {Describe.Number(split.TrainFraction)} and test_fraction {Describe.Number(split.TestFraction)} "
                + "do not leave room for each other; their sum must be at most 1, and what is left is for validation.");
        }
    }

    private static IEnumerable<(string Key, string Message)> Model(SegConfig config)
    {
        DefaultModelConfig model = config.DefaultModel;
        if (model.FinalActivation == "softmax" && config.LoaderParameters.TargetSuffix.Length == 1)
        {
            yield return ("default_model.final_activation", "softmax over one class is always 1; use sigmoid.");
        }

        string[] applied = [.. AppliedSections(config)];
        bool filmIn3D = applied is ["FiLMedUnet", "Modified3DUNet"];
        if (applied.Length > 1 && !filmIn3D)
        {
            yield return (applied[1] + ".applied", $"only one network can be applied; found {Describe.OneOf(applied)}.");
        }

        if (model.Length2D.Length != model.Stride2D.Length)
        {
            yield return ("default_model.stride_2D", "length_2D and stride_2D belong together; give both or none.");
        }
        else if (model.Length2D.Zip(model.Stride2D).Any(p => p.Second > p.First))
        {
            yield return ("default_model.stride_2D", "a stride larger than the patch leaves gaps; it may at most equal length_2D.");
        }

        int layers = (2 * model.Depth) + 2;
        if (config.FilmedUnet.Applied && applied.Length == 1 && config.FilmedUnet.FilmLayers.Length != layers)
        {
            yield return ("FiLMedUnet.film_layers", $"found {config.FilmedUnet.FilmLayers.Length} flags; depth {model.Depth} needs {layers}.");
        }
    }

    private static IEnumerable<string> AppliedSections(SegConfig config) => new (string Name, AppliedConfig Section)[]
    {
        ("FiLMedUnet", config.FilmedUnet),
        ("HeMISUnet", config.HemisUnet),
        ("Modified3DUNet", config.Modified3DUnet),
        ("resnet18", config.Resnet18),
        ("densenet121", config.Densenet121),
        ("Countception", config.Countception),
    }.Where(s => s.Section.Applied).Select(s => s.Name);

    private static IEnumerable<(string Key, string Message)> Steps(SegConfig config)
    {
        foreach (string twice in Twice(config.Transformation))
        {
            yield return ($"transformation.{twice}", "the transform occurs twice; a file can name it once.");
        }

        foreach (string twice in Twice(config.Postprocessing))
        {
            yield return ($"postprocessing.{twice}", "the step occurs twice; a file can name it once.");
        }

        // The label of a classification is one word per slice: it has no place that could differ.
        bool hasMasks = !config.Resnet18.Applied && !config.Densenet121.Applied && config.DefaultModel.Name is not ("resnet18" or "densenet121");
        foreach (TransformConfig transform in config.Transformation.Where(t => hasMasks && Spatial.Contains(t.Name)))
        {
            if (transform.AppliedTo.Length > 0 && transform.AppliedTo.Contains("im") != transform.AppliedTo.Contains("gt"))
            {
                yield return (
                    $"transformation.{transform.Name}.applied_to",
                    "image and label would no longer lie on each other; a spatial transform needs both 'im' and 'gt'.");
            }
        }
    }

    private static IEnumerable<string> Twice(IEnumerable<ComponentConfig> steps) =>
        steps.GroupBy(s => s.Name, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key);
}
