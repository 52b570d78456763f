using MedSeg.Engine.Data;
using Xunit;

namespace MedSeg.Engine.Tests.Data;

/// <summary><c>split_dataset.balance</c>.</summary>
public class SplitBalanceTests
{
    [Theory]
    [InlineData(null, "sub-02 sub-03 sub-04", "sub-00", "sub-01")]
    [InlineData("sex", "sub-01 sub-02 sub-04", "sub-00", "sub-03")]
    public void The_same_seed_gives_the_same_split_on_every_platform(string? balance, string training, string validation, string test)
    {
        var config = FakeDataset.Config();
        config.SplitDataset.Balance = balance;
        var split = SplitMaker.Make(Sexes(5), config);
        Assert.Equal((training, validation, test), (string.Join(' ', split.Training), string.Join(' ', split.Validation), string.Join(' ', split.Test)));
    }

    [Fact]
    public void Categories_are_spread_over_the_sets_and_the_sizes_stay()
    {
        var config = FakeDataset.Config();
        config.SplitDataset.Balance = "sex";
        for (var seed = 0; seed < 200; seed++)
        {
            config.SplitDataset.RandomSeed = seed;
            var split = SplitMaker.Make(Sexes(24), config);
            Assert.Equal((14, 6, 4), (split.Training.Count, split.Validation.Count, split.Test.Count));
            Assert.Equal((7, 3, 2), (Men(split.Training), Men(split.Validation), Men(split.Test)));
        }
    }

    [Fact]
    public void Test_centers_stay_out_of_training_when_the_rest_is_balanced()
    {
        var config = FakeDataset.Config();
        config.SplitDataset.Balance = "sex";
        config.SplitDataset.DataTesting.DataType = "institution_id";
        for (var seed = 0; seed < 200; seed++)
        {
            config.SplitDataset.RandomSeed = seed;
            var split = SplitMaker.Make(Sexes(20), config);
            var center = Number(split.Test[0]) % 3;
            Assert.Equal(Enumerable.Range(0, 20).Where(i => i % 3 == center), split.Test.Select(Number));
            string[] rest = [.. split.Training, .. split.Validation];
            Assert.Equal(Men(rest) * split.Training.Count / (double)rest.Length, Men(split.Training), 0.999);
        }
    }

    [Fact]
    public void A_column_that_nobody_has_is_warned_of_and_a_missing_value_is_a_category()
    {
        var config = FakeDataset.Config();
        config.SplitDataset.Balance = "nosuch";
        var warnings = new List<string>();
        Assert.Equal(14, SplitMaker.Make(Sexes(24), config, warnings.Add).Training.Count);
        Assert.Contains("'nosuch', so that it has no effect", Assert.Single(warnings), StringComparison.Ordinal);

        config.SplitDataset.Balance = "sex";
        warnings.Clear();
        var dataset = Sexes(24);
        dataset = dataset with { Participants = [.. dataset.Participants.Skip(5)] };
        var split = SplitMaker.Make(dataset, config, warnings.Add);
        Assert.Equal(3, split.Training.Count(id => Number(id) < 5));
        Assert.Contains("5 of 24 have no sex", Assert.Single(warnings), StringComparison.Ordinal);
    }

    private static BidsDataset Sexes(int n) => FakeDataset.Of(
        [.. Enumerable.Range(0, n).Select(i => FakeDataset.Image($"sub-{i:00}", "T2w"))],
        [.. Enumerable.Range(0, n).Select(i => new BidsParticipant(
            $"sub-{i:00}", new Dictionary<string, string?> { ["sex"] = i % 2 == 0 ? "M" : "F", ["institution_id"] = $"c{i % 3}" }))]);

    private static int Men(IEnumerable<string> ids) => ids.Count(id => Number(id) % 2 == 0);

    private static int Number(string id) => int.Parse(id[4..], System.Globalization.CultureInfo.InvariantCulture);
}
