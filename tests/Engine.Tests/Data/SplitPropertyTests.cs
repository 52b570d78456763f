using MedSeg.Engine.Data;
using MedSeg.Engine.Transforms;
using Xunit;

namespace MedSeg.Engine.Tests.Data;

/// <summary>What every split promises, over thousands of tables drawn from seeds.</summary>
public class SplitPropertyTests
{
    private const int Tables = 2500;

    private static readonly string[] Refusals = ["TooFewParticipants", "SplitColumnMissing", "SplitValueUnknown", "NoUsableImages"];

    [Fact]
    public void No_participant_is_torn_and_no_unit_is_in_two_sets()
    {
        EverySplit((table, split) =>
        {
            var all = split.Training.Concat(split.Validation).Concat(split.Test).ToList();
            Assert.Equal(all.Count, all.Distinct(StringComparer.Ordinal).Count());
            Assert.Equal(Units(table, split.Method).Order(StringComparer.Ordinal), all.Order(StringComparer.Ordinal));
            if (split.Method != "sample_id")
            {
                var sets = new[] { DatasetParts.Training, DatasetParts.Validation, DatasetParts.Testing }
                    .Select(part => ImageSelector.Select(table.Dataset, split, table.Config, part).Select(image => image.Subject).ToHashSet(StringComparer.Ordinal))
                    .ToList();
                Assert.Empty(sets[0].Intersect(sets[1]).Concat(sets[0].Intersect(sets[2])).Concat(sets[1].Intersect(sets[2])));
            }
        });
    }

    [Fact]
    public void Test_groups_are_never_in_training_or_validation()
    {
        EverySplit((table, split) =>
        {
            var chosen = table.Config.SplitDataset.DataTesting;
            var column = chosen.DataType ?? split.Method;
            var columns = new DatasetColumns(table.Dataset);
            var wanted = chosen.DataValue.SelectMany(value => new[] { value, "sub-" + value, "sample-" + value }).ToHashSet(StringComparer.Ordinal);
            foreach (var image in Usable(table).Where(image => columns.Value(image, column) is { } group && wanted.Contains(group)))
                Assert.Contains(columns.Value(image, split.Method), split.Test.Append(null));

            // Drawn groups are kept apart as well: a group outside the test set touches none that is only there for it.
            var groupsOf = Usable(table).ToLookup(image => columns.Value(image, split.Method) ?? "", image => columns.Value(image, column));
            var elsewhere = split.Training.Concat(split.Validation).SelectMany(unit => groupsOf[unit]).OfType<string>().ToHashSet(StringComparer.Ordinal);
            Assert.All(split.Test, unit => Assert.Contains(groupsOf[unit].OfType<string>(), group => !elsewhere.Contains(group)));
        });
    }

    [Fact]
    public void Sizes_are_those_of_the_documentation()
    {
        EverySplit((table, split) =>
        {
            var config = table.Config.SplitDataset;
            var (train, test) = ((decimal)config.TrainFraction, (decimal)config.TestFraction);
            var columns = new DatasetColumns(table.Dataset);
            var n = Units(table, split.Method).Count;
            if (config.DataTesting.DataValue.Length == 0)
            {
                var column = config.DataTesting.DataType ?? split.Method;
                var groups = Usable(table).Where(image => columns.Value(image, split.Method) is not null).Select(image => columns.Value(image, column)).OfType<string>().ToHashSet();
                var drawn = test == 0 ? 0 : Math.Max(1, (int)(test * groups.Count));
                if (column == split.Method)
                    Assert.Equal(drawn, split.Test.Count);
                else if (drawn == 0)
                    Assert.Empty(split.Test);
            }

            var rest = n - split.Test.Count;
            var training = train == 0 ? 0 : train + test == 1 ? rest : Math.Min(Math.Max(1, (int)(train * n)), rest - 1);
            Assert.Equal((training, rest - training), (split.Training.Count, split.Validation.Count));
        });
    }

    [Fact]
    public void Fractions_of_0_and_1_give_empty_and_whole_sets()
    {
        for (var n = 2; n < 40; n++)
        {
            Assert.Equal((n, 0, 0), Counts(n, 1, 0));
            Assert.Equal((0, n, 0), Counts(n, 0, 0));
            Assert.Equal((0, 0, n), Counts(n, 0, 1));
            Assert.Equal((n / 2, n - (n / 2), 0), Counts(n, 0.5, 0));
            Assert.Equal((0, n - (n / 2), n / 2), Counts(n, 0, 0.5));
        }

        static (int Training, int Validation, int Test) Counts(int n, double train, double test)
        {
            var split = SplitMaker.Make(FakeDataset.Of(n), FakeDataset.Config(train, test));
            return (split.Training.Count, split.Validation.Count, split.Test.Count);
        }
    }

    [Fact]
    public void Every_category_gets_its_share_of_every_set_but_for_less_than_one_unit()
    {
        EverySplit(
            (table, split) =>
            {
                var config = table.Config.SplitDataset;
                var columns = new DatasetColumns(table.Dataset);
                var category = Usable(table).Where(image => columns.Value(image, split.Method) is not null).GroupBy(image => columns.Value(image, split.Method)!)
                    .ToDictionary(unit => unit.Key, unit => string.Join('+', unit.Select(image => columns.Value(image, config.Balance!)).OfType<string>().Distinct().Order()));
                var stratifiesTest = config.DataTesting.DataValue.Length == 0 && (config.DataTesting.DataType ?? split.Method) == split.Method;
                IReadOnlyList<string>[] sets = stratifiesTest ? [split.Training, split.Validation, split.Test] : [split.Training, split.Validation];
                var all = sets.SelectMany(set => set).ToList();
                foreach (var name in category.Values.Distinct())
                {
                    var ofCategory = all.Count(unit => category[unit] == name);
                    foreach (var set in sets)
                    {
                        // |count − share| < 1, in whole numbers.
                        var off = ((long)set.Count(unit => category[unit] == name) * all.Count) - ((long)set.Count * ofCategory);
                        Assert.True(Math.Abs(off) < Math.Max(1, all.Count), $"{name}: {off}/{all.Count}");
                    }
                }
            },
            "sex");
    }

    [Fact]
    public void The_order_of_files_rows_and_roots_is_irrelevant()
    {
        var compared = 0;
        for (var seed = 0; seed < Tables; seed++)
        {
            var table = RandomTable.Of(seed);
            var first = Record.Exception(() => SplitMaker.Make(table.Dataset, table.Config)) as SegException;
            var other = table.Shuffled(seed);
            if (first is null)
            {
                Assert.Equivalent(SplitMaker.Make(table.Dataset, table.Config), SplitMaker.Make(other.Dataset, other.Config), strict: true);
                compared++;
            }
            else
            {
                Assert.Equal(first.Message, Assert.Throws<SegException>(() => SplitMaker.Make(other.Dataset, other.Config)).Message);
            }
        }

        Assert.True(compared > Tables / 2, $"only {compared} splits compared");
    }

    private static void EverySplit(Action<RandomTable, SegSplit> check, string? balance = null)
    {
        var made = 0;
        for (var seed = 0; seed < Tables; seed++)
        {
            var table = RandomTable.Of(seed, balance);
            SegSplit split;
            try
            {
                split = SplitMaker.Make(table.Dataset, table.Config);
            }
            catch (SegException error) when (Refusals.Contains(error.ErrorId))
            {
                continue;
            }

            try
            {
                check(table, split);
            }
            catch (Exception error) when (error is not SegException)
            {
                throw new InvalidOperationException($"Table {seed}: {error.Message}", error);
            }

            made++;
        }

        Assert.True(made > Tables / 2, $"only {made} of {Tables} tables could be split");
    }

    private static List<BidsImage> Usable(RandomTable table) => [.. table.Dataset.Images.Where(image => ImageSelector.HasLabel(image, table.Config))];

    private static HashSet<string> Units(RandomTable table, string method)
    {
        var columns = new DatasetColumns(table.Dataset);
        return Usable(table).Select(image => columns.Value(image, method)).OfType<string>().ToHashSet(StringComparer.Ordinal);
    }
}
