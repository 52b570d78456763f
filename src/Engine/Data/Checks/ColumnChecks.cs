using MedSeg.Engine.Configuration.Checks;
using MedSeg.Engine.Data.Film;
using static MedSeg.Engine.Configuration.Checks.ConfigFindingCatalog;

namespace MedSeg.Engine.Data.Checks;

/// <summary>Columns and values that a configuration names, and the split that comes of them.</summary>
internal static class ColumnChecks
{
    /// <param name="location">Full path of the folder from which a relative <c>fname_split</c> is meant.</param>
    public static IEnumerable<SegFinding> Of(DatasetFacts facts, string location)
    {
        if (facts.Labelled.Count == 0)
            return [];
        SegFinding[] columns = [.. Columns(facts.Config).SelectMany(column => Column(facts, column.Key, column.Column))];
        var splits = columns.Any(finding => finding.Id == ColumnMissing.Id && IsOfSplit(finding.Key));
        return [.. columns, .. Film(facts), .. splits ? [] : Values(facts).Concat(Split(facts, location))];
    }

    private static IEnumerable<(string Key, string Column)> Columns(SegConfig config)
    {
        var split = config.SplitDataset;
        if (split.FnameSplit is null)
        {
            yield return ("split_dataset.split_method", split.SplitMethod);
            if (split.DataTesting.DataType is { Length: > 0 } test)
                yield return ("split_dataset.data_testing.data_type", test);
            if (split.Balance is { Length: > 0 } balance)
                yield return ("split_dataset.balance", balance);
            foreach (var column in config.LoaderParameters.SubjectSelection.Metadata)
                yield return ("loader_parameters.subject_selection.metadata", column);
        }

        if (config.TrainingParameters.BalanceSamples is { Applied: true, Type: not "gt" } samples)
            yield return ("training_parameters.balance_samples.type", samples.Type);
    }

    private static bool IsOfSplit(string key) =>
        key.StartsWith("split_dataset.", StringComparison.Ordinal) || key.StartsWith("loader_parameters.", StringComparison.Ordinal);

    /// <summary>What FiLM modulates by; an image that lacks some of it is left out of training.</summary>
    private static IEnumerable<SegFinding> Film(DatasetFacts facts)
    {
        var (film, reader) = (facts.Config.FilmedUnet, new FilmReader(facts.Config.FilmedUnet.Metadata, facts.Columns));
        return !FilmPlan.IsUsed(facts.Config) ? []
            : FilmReader.NamesOf(film.Metadata).SelectMany(name => Column(facts, "FiLMedUnet.metadata", name, image => reader.Value(image, name) is not null));
    }

    private static IEnumerable<SegFinding> Column(DatasetFacts facts, string key, string column, Func<BidsImage, bool>? has = null)
    {
        has ??= image => facts.Columns.Value(image, column) is not null;
        var without = facts.Labelled.Where(image => !has(image)).ToList();
        if (without.Count == facts.Labelled.Count)
        {
            var known = facts.Labelled.SelectMany(image => image.Columns.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
            yield return ColumnMissing.At(
                key, $"no image has a value of '{column}'; the tables have {DatasetFacts.Words(known, "no columns")}.");
        }
        else if (without.Count > 0)
        {
            yield return ColumnIncomplete.At(
                key, $"{without.Count} of {facts.Labelled.Count} images have no value of '{column}' (first: {without[0].RelativePath}).");
        }
    }

    private static IEnumerable<SegFinding> Values(DatasetFacts facts)
    {
        var (split, selection) = (facts.Config.SplitDataset, facts.Config.LoaderParameters.SubjectSelection);
        if (split.FnameSplit is not null)
            yield break;
        var asked = split.DataTesting.DataValue
            .Select(value => (Key: "split_dataset.data_testing.data_value", Column: split.DataTesting.DataType ?? split.SplitMethod, Value: value))
            .Concat(selection.Metadata.Zip(
                selection.Value, (column, value) => (Key: "loader_parameters.subject_selection.value", Column: column, Value: value)));
        foreach (var (key, column, value) in asked)
        {
            var known = facts.Labelled.Select(image => facts.Columns.Value(image, column)).OfType<string>().ToHashSet(StringComparer.Ordinal);
            if (!new[] { value, $"sub-{value}", $"sample-{value}", $"ses-{value}" }.Any(known.Contains))
            {
                var some = known.Order(StringComparer.Ordinal).Take(10);
                yield return ValueUnknown.At(
                    key, $"no usable image has {column} '{value}'; there are {DatasetFacts.Words(some)}{(known.Count > 10 ? " …" : "")}.");
            }
        }
    }

    private static IEnumerable<SegFinding> Split(DatasetFacts facts, string location)
    {
        SegSplit? split = null;
        SegException? error = null;
        try
        {
            split = SplitMaker.Make(facts.Dataset, facts.Config, null, location);
        }
        catch (SegException refused)
        {
            error = refused;
        }

        yield return split is null
            ? SplitImpossible.At("split_dataset", $"{error!.Message} {error.Recommendation}")
            : ConfigFindingCatalog.SplitSizes.At(
                "split_dataset",
                $"{split.Training.Count} of {split.Method} train, {split.Validation.Count} validate and {split.Test.Count} are tested.");
    }
}
