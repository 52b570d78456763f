namespace MedSeg.Cmdlets.Configuration;

/// <content>From parameters to keys.</content>
public sealed partial class NewSegConfigCommand
{
    private static readonly string[] Training = ["training"];
    private static readonly double[] AugmentScale = [0.1, 0.1];
    private static readonly double[] AugmentShift = [0.03, 0.03];
    private static readonly double[] AugmentIntensity = [-0.1, 0.1];

    /// <summary>Keys in the order in which they are set; the order of transforms is that of the result.</summary>
    private List<KeyValuePair<string, object?>> Choices()
    {
        string[]? targets = TargetSuffix ?? TargetsOfDataset();
        string[]? contrasts = Contrast ?? ContrastsOfDataset(targets);
        var keys = new List<KeyValuePair<string, object?>>();
        void Add(string key, object? value)
        {
            if (value is not null)
            {
                keys.Add(new(key, value));
            }
        }

        Add("model_name", ModelName);
        Add("loader_parameters.contrast_params.training_validation", contrasts);
        Add("loader_parameters.contrast_params.testing", TestContrast ?? contrasts);
        Add("loader_parameters.target_suffix", targets);
        Add("loader_parameters.slice_axis", SliceAxis?.ToLowerInvariant());
        Add("loader_parameters.slice_filter_params.filter_empty_mask", IsClassifier ? null : true);
        Add("split_dataset.random_seed", Seed);
        Add("split_dataset.train_fraction", TrainFraction);
        Add("split_dataset.test_fraction", TestFraction);
        Add("training_parameters.batch_size", BatchSize);
        Add("training_parameters.loss.name", Loss);
        Add("training_parameters.training_time.num_epochs", Epoch);
        Add("training_parameters.training_time.early_stopping_patience", Patience);
        Add("training_parameters.scheduler.initial_lr", LearningRate);
        Add(NetworkKey(), NetworkValue());
        Add("default_model.depth", Depth);
        Add("FiLMedUnet.film_layers", NetworkSection == "FiLMedUnet" ? Enumerable.Repeat(1, (2 * (Depth ?? new SegConfig().DefaultModel.Depth)) + 2).ToArray() : null);
        Add("loader_parameters.multichannel", NetworkSection == "HeMISUnet" ? true : null);
        Add(NetworkSection == "Modified3DUNet" ? "Modified3DUNet.n_filters" : "default_model.n_filters", FilterCount);
        Add("default_model.dropout_rate", DropoutRate);
        keys.AddRange(Transforms());
        return keys;
    }

    /// <summary>Networks other than those with the plain sizes have a section of their own that is switched on.</summary>
    private string NetworkKey() => NetworkSection is null ? "default_model.name" : $"{NetworkSection}.applied";

    /// <summary>Classifiers need slices without any structure, too.</summary>
    private bool IsClassifier => Network is "resnet18" or "resnet34" or "resnet50" or "densenet121";

    private object? NetworkValue() => NetworkSection is null ? Network : true;

    private string? NetworkSection =>
        Network is "FiLMedUnet" or "HeMISUnet" or "Modified3DUNet" or "resnet18" or "densenet121" or "Countception" ? Network : null;

    private IEnumerable<KeyValuePair<string, object?>> Transforms()
    {
        if (Resample is not null)
        {
            yield return new("transformation.Resample", Spacing(Resample));
        }

        if (CropSize is not null)
        {
            int[] size = CropSize.Length == 1 ? [CropSize[0], CropSize[0]] : CropSize;
            yield return new("transformation.CenterCrop", new Dictionary<string, object?> { ["size"] = size });
        }

        if (Augment)
        {
            yield return new("transformation.RandomAffine", new Dictionary<string, object?>
            {
                ["degrees"] = 5,
                ["scale"] = AugmentScale,
                ["translate"] = AugmentShift,
                ["dataset_type"] = Training,
            });
        }

        yield return new("transformation.NormalizeInstance", new Dictionary<string, object?> { ["applied_to"] = "im" });
        if (Augment)
        {
            yield return new("transformation.RandomShiftIntensity", new Dictionary<string, object?>
            {
                ["shift_range"] = AugmentIntensity,
                ["prob"] = 0.5,
                ["applied_to"] = "im",
                ["dataset_type"] = Training,
            });
        }
    }

    private static Dictionary<string, object?> Spacing(double[] size)
    {
        var spacing = new Dictionary<string, object?> { ["hspace"] = size[0], ["wspace"] = size.Length > 1 ? size[1] : size[0] };
        if (size.Length > 2)
        {
            spacing["dspace"] = size[2];
        }

        return spacing;
    }

    private string[]? TargetsOfDataset()
    {
        if (Dataset is null)
        {
            return null;
        }

        string[] found = [.. Dataset.TargetSuffixes];
        if (found.Length == 0)
        {
            WriteWarning($"The dataset {Dataset.Name} has no labels; name the targets with -TargetSuffix.");
        }
        else if (found.Length > 1)
        {
            WriteWarning($"The dataset {Dataset.Name} has the labels {string.Join(", ", found)}; each becomes a class. -TargetSuffix chooses among them.");
        }

        return found;
    }

    private string[]? ContrastsOfDataset(string[]? targets)
    {
        if (Dataset is null)
        {
            return null;
        }

        IEnumerable<string> labelled = Dataset.Images
            .Where(image => targets is { Length: > 0 } && targets.Any(image.Labels.ContainsKey))
            .Select(image => image.Contrast);
        string[] contrasts = [.. labelled.Distinct().Order(StringComparer.Ordinal)];
        return contrasts.Length > 0 ? contrasts : [.. Dataset.Contrasts];
    }
}
