using MedSeg.Engine.Bids;
using MedSeg.Engine.Data;
using MedSeg.Engine.Data.Loading;
using MedSeg.Engine.Inference.Ensembles;
using MedSeg.Engine.Runtime;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Inference;

/// <summary>Chooses the images of a dataset that a model is to predict.</summary>
public static class PredictionSelector
{
    /// <summary>
    /// Images of the contrasts that the model's configuration names for testing. A part of the split has the participants that
    /// training put there, and of those the images with a label; all has every image. Of an ensemble, each image of a part is for
    /// the members that have it in that part (<see cref="MemberSelection"/>).
    /// </summary>
    /// <param name="model">Its split is used, never made anew.</param>
    /// <param name="dataset">Null takes the dataset that the model was trained on.</param>
    /// <param name="part">
    /// Null takes the test participants of a dataset that the model was trained on, and all images of any other dataset.
    /// </param>
    /// <param name="o">
    /// Warned when images of participants that the model has seen are among all images, and when a part is taken of a dataset that has
    /// participants whom the split does not know.
    /// </param>
    /// <param name="ct">Stops the indexing of the dataset.</param>
    /// <exception cref="SegException"><c>DatasetNotFound</c> or <c>NoImages</c>.</exception>
    public static IReadOnlyList<PredictionInput> Select(
        SegModel model, BidsDataset? dataset, SegSplitPart? part, ISegObserver o, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(o);
        dataset ??= model.Dataset ?? BidsScanner.Scan(ConfigRequest.Of(model), o, ct);
        var chosen = part ?? (IsTrainingDataset(model, dataset) ? SegSplitPart.Test : SegSplitPart.All);
        var sources = SourcesOf(dataset, model.Config, o.Warning);
        if (sources.Count == 0)
            throw NothingToTake(model, dataset);
        if (chosen != SegSplitPart.All)
            WarnOfUnlisted(dataset, model, chosen, o);
        sources = chosen == SegSplitPart.All ? WarnedOfSeen(sources, dataset, model.Split, o) : InSplit(sources, dataset, model, chosen);
        if (sources.Count > 0)
            return Inputs(sources, dataset, model, chosen);
        throw new SegException(
            "NoImages", SegErrorKind.InvalidArgument,
            $"{dataset.Name} has no image for {model.Name} in the part '{chosen}'{(chosen == SegSplitPart.All ? "" : ", or none of them has a label")}.",
            "Choose another -Split, or -Split All to predict every image.",
            dataset.Name);
    }

    /// <summary>Of an ensemble, with the members that predict each input of a part; all members predict the whole dataset.</summary>
    private static IReadOnlyList<PredictionInput> Inputs(IReadOnlyList<SampleSource> sources, BidsDataset dataset, SegModel model, SegSplitPart part)
    {
        var members = model.Members.Count > 0 && part != SegSplitPart.All ? new MemberSelection(model, part) : null;
        var columns = new DatasetColumns(dataset);
        return
        [
            .. sources.Select(source => PredictionGroups.Join(source, model.Config, image => new PredictionInput(image.Path, image)) with
            {
                Members = members?.Of(columns.Value(source.Reference, model.Split.Method)),
            }),
        ];
    }

    private static SegException NothingToTake(SegModel model, BidsDataset dataset)
    {
        var wanted = model.Contrasts.Count > 0 ? model.Contrasts : model.Config.LoaderParameters.ContrastParams.Testing;
        return new SegException(
            "NoImages", SegErrorKind.InvalidArgument,
            $"{dataset.Name} has no image that {model.Name} takes: of contrast {NameList.Of(wanted, "any")}{Together(model)}. "
            + $"It has {dataset.Images.Count} image(s) of {NameList.Of(dataset.Contrasts)}.",
            "Give a dataset with these contrasts, imported without filters that leave them out.", dataset.Name);
    }

    private static string Together(SegModel model) =>
        model.Contrasts.Count == 0 ? "" : MissingContrasts.Allowed(model.Config) ? ", one of them at least" : ", all of them together";

    /// <summary>Images of the contrasts for testing; with <c>multichannel</c> the network needs those of training, all together.</summary>
    private static IReadOnlyList<SampleSource> SourcesOf(BidsDataset dataset, SegConfig config, Action<string> warn) => ChannelGroups.Of(
        ImageSelector.OfContrasts(dataset, config, config.LoaderParameters.Multichannel ? DatasetParts.Training : DatasetParts.Testing), config, warn);

    private static bool IsTrainingDataset(SegModel model, BidsDataset dataset)
    {
        return dataset.Roots.Select(Normal).Intersect(model.DatasetRoots.Select(Normal), PlatformFiles.PathComparer).Any();
    }

    private static string Normal(string root) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));

    private static List<SampleSource> InSplit(IReadOnlyList<SampleSource> sources, BidsDataset dataset, SegModel model, SegSplitPart part)
    {
        var units = MemberSelection.UnitsOf(model, part);
        var labelled = OfUnits(sources, dataset, model.Split, units).Where(source => SourceLabels.Any(source, model.Config.LoaderParameters)).ToList();
        if (model.Config.LoaderParameters.Multichannel)
            return labelled;
        var kept = ImageSelector.Balanced([.. labelled.Select(source => source.Reference)], model.Config).ToHashSet(ReferenceEqualityComparer.Instance);
        return labelled.FindAll(source => kept.Contains(source.Reference));
    }

    private static void WarnOfUnlisted(BidsDataset dataset, SegModel model, SegSplitPart part, ISegObserver o)
    {
        var unlisted = SplitMaker.Unlisted(dataset, model.Split, model.Config);
        if (unlisted.Count > 0)
        {
            o.Warning(
                $"{unlisted.Count} value(s) of {model.Split.Method} are in no set of the split saved with {model.Name} and are not in the part '{part}': "
                + $"{NameList.Of(unlisted)}. They came after the training or were left out of it; -Split All predicts them too.");
        }
    }

    private static IReadOnlyList<SampleSource> WarnedOfSeen(IReadOnlyList<SampleSource> sources, BidsDataset dataset, SegSplit split, ISegObserver o)
    {
        var seen = OfUnits(sources, dataset, split, [.. split.Training, .. split.Validation]).Count();
        if (seen > 0)
        {
            o.Warning(
                $"{seen} of {sources.Count} images have a {split.Method} that the model was trained or validated on; do not judge the model by them.");
        }

        return sources;
    }

    private static IEnumerable<SampleSource> OfUnits(
        IReadOnlyList<SampleSource> sources, BidsDataset dataset, SegSplit split, IReadOnlyList<string> units)
    {
        var columns = new DatasetColumns(dataset);
        var wanted = units.ToHashSet(StringComparer.Ordinal);
        return sources.Where(source => columns.Value(source.Reference, split.Method) is { } unit && wanted.Contains(unit));
    }
}
