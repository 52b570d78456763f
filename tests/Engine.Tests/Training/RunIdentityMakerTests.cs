using MedSeg.Engine.Training;
using Xunit;

namespace MedSeg.Engine.Tests.Training;

public class RunIdentityMakerTests
{
    private static readonly SegSplit Split = new("participant_id", 1, ["sub-01"], [], []);

    [Fact]
    public void Where_samples_are_kept_does_not_matter()
    {
        var other = new SegConfig { PathOutput = "elsewhere" };
        other.LoaderParameters.CacheMemoryMb = 1;
        other.LoaderParameters.CacheDiskMb = 2;
        other.LoaderParameters.CachePath = "folder";
        other.TrainingParameters.CheckpointEveryMinutes = 1;
        Assert.Empty(Differences(other));
    }

    [Fact]
    public void What_changes_the_model_does()
    {
        var other = new SegConfig();
        other.TrainingParameters.BatchSize++;
        Assert.StartsWith("training_parameters.batch_size", Assert.Single(Differences(other)));
    }

    private static IReadOnlyList<string> Differences(SegConfig other) => RunIdentityComparer.Differences(
        RunIdentityMaker.Make(new SegConfig(), 1, Split, []), RunIdentityMaker.Make(other, 1, Split, []));
}
