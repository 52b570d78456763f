using MedSeg.Engine.Data;
using Xunit;

namespace MedSeg.Engine.Tests.Data;

public class SubjectSelectionTests
{
    [Fact]
    public void As_many_as_wanted_are_drawn_before_the_split_and_nobody_twice()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var config = Config([5, 2], ["sex", "institution_id"], ["M", "c1"], seed);
            var all = Everybody(SplitMaker.Make(People(24), config));
            Assert.Equal(7, all.Distinct().Count());
            Assert.True(all.Count(IsMale) >= 5);
            Assert.True(all.Count(InC1) >= 2);
        }
    }

    [Fact]
    public void A_rule_gives_way_where_only_that_satisfies_all()
    {
        // Both men of centre c1 must go to the second rule, whatever the first would like.
        for (var seed = 0; seed < 300; seed++)
        {
            var all = Everybody(SplitMaker.Make(People(12), Config([4, 4], ["sex", "institution_id"], ["M", "c1"], seed)));
            Assert.Equal(8, all.Count);
            Assert.Equal(4, all.Count(InC1));
        }
    }

    [Fact]
    public void The_same_seed_draws_the_same_people_and_another_draws_others()
    {
        var dataset = People(24);
        var reversed = dataset with { Images = [.. dataset.Images.Reverse()], Participants = [.. dataset.Participants.Reverse()] };
        string[] Draw(BidsDataset from, int seed) => [.. Everybody(SplitMaker.Make(from, Config([5], ["sex"], ["M"], seed)))];
        Assert.Equal(["sub-00", "sub-02", "sub-04", "sub-10", "sub-18"], Draw(dataset, 6));
        Assert.Equal(Draw(dataset, 6), Draw(reversed, 6));
        Assert.True(Enumerable.Range(0, 20).Select(seed => string.Join(',', Draw(dataset, seed))).Distinct().Count() > 15);
    }

    [Theory]
    [InlineData(13, "M", "rule 1 wants 13 participants with sex = 'M', but 12 have it")]
    [InlineData(1, "X", "rule 1 wants 1 participants with sex = 'X', but 0 have it")]
    public void Too_few_are_counted(int n, string value, string says)
    {
        var error = Assert.Throws<SegException>(() => SplitMaker.Make(People(24), Config([n], ["sex"], [value], 6)));
        Assert.Equal("TooFewParticipants", error.ErrorId);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Equal("loader_parameters.subject_selection", error.TargetItem);
    }

    [Fact]
    public void Rules_that_need_the_same_people_say_so()
    {
        var error = Assert.Throws<SegException>(() => SplitMaker.Make(People(12), Config([5, 6], ["sex", "sex"], ["M", "M"], 6)));
        Assert.Contains("5 of whom other rules need", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_of_unequal_lengths_are_refused()
    {
        var error = Assert.Throws<SegException>(() => SplitMaker.Make(People(12), Config([5, 6], ["sex"], ["M"], 6)));
        Assert.Equal("SubjectSelection", error.ErrorId);
        Assert.Contains("2, 1 and 1 elements", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Every other one is a man; every third one is of c1.</summary>
    private static BidsDataset People(int n) => FakeDataset.Of(
        [.. Enumerable.Range(0, n).Select(i => FakeDataset.Image($"sub-{i:00}", "T2w"))],
        [.. Enumerable.Range(0, n).Select(i => new BidsParticipant(
            $"sub-{i:00}", new Dictionary<string, string?> { ["sex"] = i % 2 == 0 ? "M" : "F", ["institution_id"] = i % 3 == 1 ? "c1" : "c0" }))]);

    private static SegConfig Config(int[] n, string[] metadata, string[] value, int seed)
    {
        var config = FakeDataset.Config(seed: seed);
        config.LoaderParameters.SubjectSelection = new SubjectSelectionConfig { N = n, Metadata = metadata, Value = value };
        return config;
    }

    private static List<string> Everybody(SegSplit split) => [.. split.Training.Concat(split.Validation).Concat(split.Test).Order(StringComparer.Ordinal)];

    private static bool IsMale(string id) => int.Parse(id[4..], System.Globalization.CultureInfo.InvariantCulture) % 2 == 0;

    private static bool InC1(string id) => int.Parse(id[4..], System.Globalization.CultureInfo.InvariantCulture) % 3 == 1;
}
