using MedSeg.Engine.Data;
using MedSeg.Engine.Data.Folds;
using Xunit;

namespace MedSeg.Engine.Tests.Data.Folds;

public class FoldMakerTests
{
    private const int Tables = 1500;

    private static readonly string[] Refusals = ["TooFewParticipants", "SplitColumnMissing", "SplitValueUnknown", "NoUsableImages"];

    [Fact]
    public void Every_unit_is_held_out_once_and_in_one_set_of_each_split()
    {
        EveryTable((table, splits, kept) =>
        {
            foreach (var split in splits)
            {
                var all = split.Training.Concat(split.Validation).Concat(split.Test).ToList();
                Assert.Equal(all.Count, all.Distinct(StringComparer.Ordinal).Count());
                Assert.Equal(Units(table).Order(StringComparer.Ordinal), all.Order(StringComparer.Ordinal));
                Assert.NotEmpty(split.Training);
                Assert.NotEmpty(split.Test.Except(kept));
                Assert.Superset(kept, split.Test.ToHashSet());
            }

            var folds = splits.SelectMany(split => split.Test.Where(unit => !kept.Contains(unit))).ToList();
            Assert.Equal(Units(table).Except(kept).Order(StringComparer.Ordinal), folds.Order(StringComparer.Ordinal));
        });
    }

    [Fact]
    public void No_participant_is_in_a_fold_and_in_what_its_model_sees()
    {
        EveryTable((table, splits, _) =>
        {
            if (splits[0].Method is not ("participant_id" or "institution_id"))
                return;
            foreach (var split in splits)
            {
                var sets = new[] { DatasetParts(table, split.Training), DatasetParts(table, split.Validation), DatasetParts(table, split.Test) };
                Assert.Empty(sets[0].Intersect(sets[1]).Concat(sets[0].Intersect(sets[2])).Concat(sets[1].Intersect(sets[2])));
            }

            HashSet<string> DatasetParts(RandomTable from, IReadOnlyList<string> units)
            {
                var (columns, wanted) = (new DatasetColumns(from.Dataset), units.ToHashSet());
                return [.. from.Dataset.Images.Where(image => columns.Value(image, splits[0].Method) is { } unit && wanted.Contains(unit)).Select(image => image.Subject)];
            }
        });
    }

    [Fact]
    public void Folds_of_units_differ_by_at_most_one_and_groups_stay_whole()
    {
        var grouped = 0;
        EveryTable((table, splits, kept) =>
        {
            var config = table.Config.SplitDataset;
            if ((config.DataTesting.DataType ?? config.SplitMethod) == config.SplitMethod || config.DataTesting.DataValue.Length > 0)
            {
                var sizes = splits.Select(split => split.Test.Count - kept.Count).ToList();
                Assert.InRange(sizes.Max() - sizes.Min(), 0, 1);
                return;
            }

            var columns = new DatasetColumns(table.Dataset);
            foreach (var split in splits)
            {
                var inside = GroupsOf(split.Test);
                Assert.Empty(inside.Intersect(GroupsOf([.. split.Training, .. split.Validation])));
            }

            grouped++;
            HashSet<string> GroupsOf(IReadOnlyList<string> units) =>
                [.. Usable(table).Where(image => units.Contains(columns.Value(image, config.SplitMethod))).Select(image => columns.Value(image, config.DataTesting.DataType!)).OfType<string>()];
        });
        Assert.True(grouped > 20, $"only {grouped} with groups");
    }

    [Fact]
    public void Every_category_gets_its_share_of_every_fold_but_for_less_than_one_unit()
    {
        EveryTable(
            (table, splits, kept) =>
            {
                var config = table.Config.SplitDataset;
                if ((config.DataTesting.DataType ?? config.SplitMethod) != config.SplitMethod && config.DataTesting.DataValue.Length == 0)
                    return;
                var columns = new DatasetColumns(table.Dataset);
                var category = Usable(table).Where(image => columns.Value(image, config.SplitMethod) is not null).GroupBy(image => columns.Value(image, config.SplitMethod)!)
                    .ToDictionary(unit => unit.Key, unit => string.Join('+', unit.Select(image => columns.Value(image, "sex")).OfType<string>().Distinct().Order()));
                var n = splits.Sum(split => split.Test.Count - kept.Count);
                foreach (var name in category.Values.Distinct())
                {
                    var ofCategory = category.Count(pair => pair.Value == name && !kept.Contains(pair.Key));
                    foreach (var fold in splits.Select(split => split.Test.Except(kept).ToList()))
                        Assert.True(Math.Abs(((long)fold.Count(unit => category[unit] == name) * n) - ((long)fold.Count * ofCategory)) < Math.Max(1, n), name);
                }
            },
            "sex");
    }

    [Fact]
    public void The_order_of_files_rows_and_roots_is_irrelevant()
    {
        EveryTable((table, splits, _) =>
        {
            var other = table.Shuffled(splits.Count);
            Assert.Equivalent(splits, FoldMaker.Make(other.Dataset, other.Config, splits.Count), strict: true);
        });
    }

    [Fact]
    public void As_many_folds_as_units_leave_one_out()
    {
        for (var n = 3; n < 25; n++)
        {
            var splits = FoldMaker.Make(FakeDataset.Of(n), FakeDataset.Config(), n);
            Assert.Equal(n, splits.Select(split => Assert.Single(split.Test)).Distinct().Count());
        }

        Assert.Equal("TooFewParticipants", Error(() => FoldMaker.Make(FakeDataset.Of(4), FakeDataset.Config(), 5)).ErrorId);
    }

    [Theory]
    [InlineData(10, 5, 0.6, 0.2, 6, 2)]
    [InlineData(10, 5, 0.8, 0.0, 6, 2)]
    [InlineData(10, 5, 0.8, 0.2, 8, 0)]
    [InlineData(10, 2, 0.6, 0.2, 3, 2)]
    [InlineData(3, 3, 0.9, 0.0, 1, 1)]
    [InlineData(2, 2, 1.0, 0.0, 1, 0)]
    public void What_a_fold_leaves_is_divided_as_the_fractions_say(int n, int folds, double train, double test, int training, int validation)
    {
        Assert.All(FoldMaker.Make(FakeDataset.Of(n), FakeDataset.Config(train, test), folds), split =>
            Assert.Equal((training, validation, n / folds), (split.Training.Count, split.Validation.Count, split.Test.Count)));
    }

    [Fact]
    public void Seed_and_number_of_folds_decide()
    {
        static string Of(int seed, int folds) => string.Join('|', FoldMaker.Make(FakeDataset.Of(12), FakeDataset.Config(seed: seed), folds).Select(split => string.Join(' ', split.Test)));
        Assert.Equal(Of(6, 4), Of(6, 4));
        Assert.NotEqual(Of(6, 4), Of(7, 4));
        Assert.Equal(6, FoldMaker.Make(FakeDataset.Of(12), FakeDataset.Config(), 4)[0].Seed);
    }

    [Fact]
    public void Units_finer_than_people_are_warned_of_once()
    {
        var config = FakeDataset.Config();
        config.SplitDataset.SplitMethod = "sample_id";
        var images = from subject in Enumerable.Range(0, 2) from sample in Enumerable.Range(0, 4) select FakeDataset.Image($"sub-{subject}", "SEM", $"{subject}{sample}");
        var warnings = new List<string>();
        FoldMaker.Make(FakeDataset.Of([.. images]), config, 4, warnings.Add);
        Assert.Contains("sub-0, sub-1", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1001)]
    [InlineData(int.MaxValue)]
    public void Impossible_numbers_of_folds_are_refused(int folds) =>
        Assert.Equal("FoldCount", Error(() => FoldMaker.Make(FakeDataset.Of(9), FakeDataset.Config(), folds)).ErrorId);

    [Fact]
    public void A_saved_split_and_too_few_to_validate_are_refused()
    {
        var config = FakeDataset.Config();
        config.SplitDataset.FnameSplit = "split.json";
        Assert.Equal("FoldWithSplitFile", Error(() => FoldMaker.Make(FakeDataset.Of(9), config, 3)).ErrorId);
        Assert.Equal("TooFewParticipants", Error(() => FoldMaker.Make(FakeDataset.Of(2), FakeDataset.Config(), 2)).ErrorId);
    }

    private static SegException Error(Action action) => Assert.Throws<SegException>(action);

    private static void EveryTable(Action<RandomTable, IReadOnlyList<SegSplit>, HashSet<string>> check, string? balance = null)
    {
        var made = 0;
        for (var seed = 0; seed < Tables; seed++)
        {
            var table = RandomTable.Of(seed, balance);
            IReadOnlyList<SegSplit> splits;
            try
            {
                splits = FoldMaker.Make(table.Dataset, table.Config, 2 + (seed % 6));
            }
            catch (SegException error) when (Refusals.Contains(error.ErrorId))
            {
                continue;
            }

            try
            {
                check(table, splits, Kept(table));
            }
            catch (Exception error) when (error is not SegException)
            {
                throw new InvalidOperationException($"Table {seed}: {error.Message}", error);
            }

            made++;
        }

        Assert.True(made > Tables / 3, $"only {made} of {Tables} tables could be divided");
    }

    /// <summary>Units with an image of a group that is named for testing.</summary>
    private static HashSet<string> Kept(RandomTable table)
    {
        var config = table.Config.SplitDataset;
        var columns = new DatasetColumns(table.Dataset);
        var wanted = config.DataTesting.DataValue.SelectMany(value => new[] { value, "sub-" + value, "sample-" + value }).ToHashSet(StringComparer.Ordinal);
        return [.. Usable(table).Where(image => columns.Value(image, config.DataTesting.DataType ?? config.SplitMethod) is { } group && wanted.Contains(group))
            .Select(image => columns.Value(image, config.SplitMethod)).OfType<string>()];
    }

    private static List<BidsImage> Usable(RandomTable table) => [.. table.Dataset.Images.Where(image => ImageSelector.HasLabel(image, table.Config))];

    private static HashSet<string> Units(RandomTable table)
    {
        var columns = new DatasetColumns(table.Dataset);
        return [.. Usable(table).Select(image => columns.Value(image, table.Config.SplitDataset.SplitMethod)).OfType<string>()];
    }
}
