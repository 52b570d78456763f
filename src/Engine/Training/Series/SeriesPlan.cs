using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using MedSeg.Engine.Data.Folds;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Training.Series;

/// <summary>What a series of trainings consists of, as <c>series.json</c> keeps it: every fold with every seed.</summary>
/// <param name="Format">Version of this layout.</param>
/// <param name="Seeds">At least one, all different.</param>
/// <param name="Folds">Null without cross-validation.</param>
internal sealed record SeriesPlan(int Format, IReadOnlyList<int> Seeds, int? Folds)
{
    private const int CurrentFormat = 1;
    private const int MostSeeds = 1000;
    private const long LargestBytes = 1 << 20;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>The trainings in their order: fold by fold, and of each fold seed by seed.</summary>
    [JsonIgnore]
    public IReadOnlyList<SeriesMember> Members => Folds is { } folds
        ? [.. from fold in Enumerable.Range(1, folds) from seed in Seeds select new SeriesMember(FolderOf(fold, seed), seed, fold)]
        : [.. Seeds.Select(seed => new SeriesMember(Name($"seed-{seed}"), seed, null))];

    /// <summary>Checks what was asked for.</summary>
    /// <exception cref="SegException"><c>SeedTwice</c>, <c>SeedCount</c>; the folds are checked with the dataset.</exception>
    public static SeriesPlan Of(IReadOnlyList<int> seeds, int? folds)
    {
        if (seeds.Count > MostSeeds)
        {
            throw new SegException("SeedCount", SegErrorKind.InvalidArgument, Name($"{seeds.Count} seeds are more than {MostSeeds}."), "Give fewer.", "Seed");
        }

        if (seeds.GroupBy(seed => seed).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new SegException("SeedTwice", SegErrorKind.InvalidArgument, Name($"The seed {twice.Key} is given twice; both models would be the same."),
                "Give each seed once.", "Seed");
        }

        return new SeriesPlan(CurrentFormat, seeds.Count > 0 ? seeds : [0], folds);
    }

    public void Write(string path) => AtomicFile.WriteAllText(path, JsonSerializer.Serialize(this, Json) + "\n");

    /// <summary>Reads the plan of a series that was begun.</summary>
    /// <exception cref="SegException"><c>SeriesDamaged</c>, <c>CannotRead</c>.</exception>
    public static SeriesPlan Read(string path)
    {
        try
        {
            SeriesPlan plan = JsonSerializer.Deserialize<SeriesPlan>(BoundedFile.ReadAllBytes(path, LargestBytes), Json) ?? throw Damaged(path, "it is empty");
            if (plan.Format != CurrentFormat) throw Damaged(path, Name($"it has format {plan.Format}, and this version reads {CurrentFormat}"));
            if (plan.Seeds.Count is 0 or > MostSeeds || plan.Seeds.Distinct().Count() != plan.Seeds.Count) throw Damaged(path, "its seeds are none, too many or not all different");
            if (plan.Folds is < 2 or > FoldMaker.MostFolds) throw Damaged(path, Name($"it has {plan.Folds} folds"));
            return plan;
        }
        catch (JsonException e)
        {
            throw Damaged(path, e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SegException("CannotRead", SegErrorKind.Resource, $"'{path}' could not be read: {e.Message}", "Check the file.", path, e);
        }
    }

    /// <summary>One line per difference, "key: then → now".</summary>
    public IReadOnlyList<string> DifferencesTo(SeriesPlan now)
    {
        var lines = new List<string>();
        if (!Seeds.SequenceEqual(now.Seeds)) lines.Add(Name($"-Seed: {string.Join(", ", Seeds)} → {string.Join(", ", now.Seeds)}"));
        if (Folds != now.Folds) lines.Add(Name($"-Fold: {(Folds is { } then ? then : "none")} → {(now.Folds is { } folds ? folds : "none")}"));
        return lines;
    }

    private string FolderOf(int fold, int seed) => Seeds.Count == 1 ? Name($"fold-{fold}") : Name($"fold-{fold}-seed-{seed}");

    private static string Name(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static SegException Damaged(string path, string reason, Exception? inner = null) => new(
        "SeriesDamaged", SegErrorKind.InvalidData, $"'{path}', which says what the series consists of, cannot be used: {reason.TrimEnd('.')}.",
        "Restore the file, or start the series in another folder with -OutputPath.", path, inner);
}

/// <summary>One training of a series.</summary>
/// <param name="Folder">Plain name of its run folder.</param>
/// <param name="Seed">Of weights, shuffling and augmentation.</param>
/// <param name="Fold">From 1; null without cross-validation.</param>
internal sealed record SeriesMember(string Folder, int Seed, int? Fold);
