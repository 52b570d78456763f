using System.Globalization;
using MedSeg.Engine.Runtime;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Packaging.Ensembles;

/// <summary>Joins models to one that predicts the mean of their probabilities.</summary>
internal static class EnsembleModel
{
    /// <summary>An ensemble of packaged models, which must give the same classes and read images alike.</summary>
    /// <param name="folder">Full path of the ensemble's folder.</param>
    /// <param name="members">At least one, in the order in which their probabilities are added.</param>
    /// <exception cref="SegException"><c>EnsembleMismatch</c> naming the member and what differs.</exception>
    public static SegModel Of(string folder, IReadOnlyList<SegModel> members)
    {
        SegModel first = members[0];
        foreach (SegModel member in members.Skip(1)) RequireAlike(first, member);
        return new SegModel
        {
            Name = first.Name,
            Path = folder,
            Config = first.Config,
            Classes = first.Classes,
            Task = first.Task,
            Contrasts = first.Contrasts,
            Split = SplitOf(members),
            DatasetRoots = [.. members.SelectMany(member => member.DatasetRoots).Distinct(PlatformFiles.PathComparer)],
            DatasetBidsConfig = first.DatasetBidsConfig,
            DatasetValidated = first.DatasetValidated,
            History = [],
            BestEpoch = 0,
            BestValidationLoss = members.All(member => member.BestValidationLoss is not null) ? members.Average(member => member.BestValidationLoss) : null,
            Threshold = ThresholdOf(members),
            Device = string.Join(", ", members.Select(member => member.Device).Distinct()),
            WallTime = members.Aggregate(TimeSpan.Zero, (sum, member) => sum + member.WallTime),
            Sha256 = Sha256.OfText(string.Join('\n', members.Select(member => member.Sha256))),
            Film = FilmOf(members),
            Members = members,
            Dataset = first.Dataset,
            RunPath = File.Exists(Path.Combine(folder, EnsemblePackage.RunMark)) ? folder : null,
        };
    }

    /// <summary>What some of the members predict together; one alone is itself.</summary>
    /// <param name="positions">Of members, ascending.</param>
    public static SegModel Part(SegModel ensemble, IReadOnlyList<int> positions)
    {
        if (positions.Count == ensemble.Members.Count) return ensemble;
        if (positions.Count == 1) return ensemble.Members[positions[0]];
        return Of(ensemble.Path, [.. positions.Select(position => ensemble.Members[position])]) with { Dataset = ensemble.Dataset };
    }

    /// <summary>How a member is called in its ensemble: its folder below that of the ensemble, with slashes.</summary>
    public static string NameOf(SegModel ensemble, SegModel member) => Path.GetRelativePath(ensemble.Path, member.Path).Replace('\\', '/');

    /// <summary>
    /// As a whole an ensemble has seen what any of its members has: a unit is in its test set when it is in that of a member and no
    /// other has trained or validated on it.
    /// </summary>
    private static SegSplit SplitOf(IReadOnlyList<SegModel> members)
    {
        SortedSet<string> training = UnitsOf(members, split => split.Training), validation = UnitsOf(members, split => split.Validation);
        SortedSet<string> test = UnitsOf(members, split => split.Test);
        validation.ExceptWith(training);
        test.ExceptWith(training);
        test.ExceptWith(validation);
        SegSplit first = members[0].Split;
        return new SegSplit(first.Method, first.Seed, [.. training], [.. validation], [.. test]);
    }

    private static SortedSet<string> UnitsOf(IReadOnlyList<SegModel> members, Func<SegSplit, IReadOnlyList<string>> part) =>
        new(members.SelectMany(member => part(member.Split)), StringComparer.Ordinal);

    /// <summary>The mean of the members' thresholds; where all are the same, that one without rounding.</summary>
    private static double ThresholdOf(IReadOnlyList<SegModel> members) =>
        members.All(member => member.Threshold.Equals(members[0].Threshold)) ? members[0].Threshold : members.Average(member => member.Threshold);

    /// <summary>
    /// What any of the members was trained with: folds need not have every category. Each member encodes by its own file; intervals are
    /// shown as those of the first.
    /// </summary>
    private static SegFilm? FilmOf(IReadOnlyList<SegModel> members)
    {
        SegFilm[] films = [.. members.Select(member => member.Film).OfType<SegFilm>()];
        return films is not [var first, ..] ? null : first with
        {
            Parts = [.. first.Parts.Select((part, p) => part.Boundaries is not null ? part : part with
            {
                Categories = [.. films.SelectMany(film => film.Parts[p].Categories).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            })],
        };
    }

    private static void RequireAlike(SegModel first, SegModel other)
    {
        foreach (var (what, here, there) in Facts(first).Zip(Facts(other), (a, b) => (a.What, a.Value, b.Value)))
        {
            if (here == there) continue;
            throw new SegException(
                "EnsembleMismatch", SegErrorKind.InvalidData,
                $"'{first.Path}' and '{other.Path}' cannot predict together: their {what} differ ({here} and {there}).",
                "Make ensembles of models that were trained with one configuration.", other.Path);
        }
    }

    /// <summary>What must be the same for the mean of two models' probabilities to mean something, and for one reading to serve both.</summary>
    private static IEnumerable<(string What, string Value)> Facts(SegModel model)
    {
        var loader = model.Config.LoaderParameters;
        yield return ("names", model.Name);
        yield return ("classes", string.Join(", ", model.Classes));
        yield return ("target suffixes", string.Join(", ", loader.TargetSuffix));
        yield return ("channels", model.Contrasts.Count == 0 ? "one of any contrast" : string.Join(", ", model.Contrasts));
        yield return ("tasks", model.Task == SegTask.Classification ? "classification" : "segmentation");
        yield return ("slice axes", loader.SliceAxis);
        yield return ("regions of interest", loader.RoiParams.Suffix is { Length: > 0 } suffix && UsesRoi(model.Config) ? suffix : "none");
        yield return ("dimensions", string.Create(CultureInfo.InvariantCulture, $"{(model.Config.DefaultModel.Is2D && !model.Config.Modified3DUnet.Applied ? 2 : 3)}"));
        yield return ("metadata of FiLM", model.Film?.Metadata ?? "none");
        yield return ("units of the split", model.Split.Method);
    }

    private static bool UsesRoi(SegConfig config) => TransformPipeline.Create(config, DatasetParts.Testing).UsesRoi;
}
