using System.Text.Json.Nodes;
using MedSeg.Engine.Training;
using Xunit;

namespace MedSeg.Engine.Tests.Training;

public class RunIdentityComparerTests
{
    private static readonly RunIdentity Then = Make("""{"a":{"rate":0.1,"sizes":[1,2],"none":null}}""");

    [Fact]
    public void The_same_run_has_no_difference() =>
        Assert.Empty(RunIdentityComparer.Differences(Then, Make("""{"a":{"none":null,"sizes":[1,2],"rate":0.1}}""")));

    [Fact]
    public void Differences_name_key_and_both_values() =>
        Assert.Equal(
            ["a.none: null → 1", "a.rate: 0.1 → 0.2", "a.sizes[1]: 2 → (absent)", "b: (absent) → \"x\""],
            RunIdentityComparer.Differences(Then, Make("""{"a":{"rate":0.2,"sizes":[1],"none":1},"b":"x"}""")));

    [Fact]
    public void Seed_split_and_files_count_too()
    {
        Assert.Equal(["-Seed: 1 → 2"], RunIdentityComparer.Differences(Then, Then with { Seed = 2 }));
        Assert.Equal(
            ["validation participants: sub-02 → sub-03"],
            RunIdentityComparer.Differences(Then, Then with { Split = Then.Split with { Validation = ["sub-03"] } }));
        Assert.Equal(
            ["dataset: names or sizes of its files have changed"],
            RunIdentityComparer.Differences(Then, Then with { Data = "other" }));
    }

    [Fact]
    public void A_changed_run_is_refused_with_the_differences()
    {
        var error = Assert.Throws<SegException>(() => RunIdentityComparer.RequireSame(Then, Then with { Seed = 2 }, "run"));
        Assert.Equal("ResumeMismatch", error.ErrorId);
        Assert.Contains("-Seed: 1 → 2", error.Message, StringComparison.Ordinal);
    }

    private static RunIdentity Make(string config) =>
        new(JsonNode.Parse(config)!, 1, new SegSplit("participant_id", 6, ["sub-01"], ["sub-02"], []), "hash");
}
