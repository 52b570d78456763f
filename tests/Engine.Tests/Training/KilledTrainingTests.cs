using MedSeg.Engine.Runtime;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Training;

[Collection(TorchGlobalState.Name)]
public sealed class KilledTrainingTests
{
    /// <summary>The soak in tests/Benchmarks does the same 100 times and as often as one likes.</summary>
    [Theory]
    [InlineData(KilledTrainings.Slices, 20)]
    [InlineData(KilledTrainings.Volumes, 8)]
    [InlineData(KilledTrainings.MoreInputs, 8)]
    public void A_training_killed_at_any_moment_ends_with_the_weights_of_one_that_was_not(string kind, int kills)
    {
        using var folder = new TemporaryFolder();
        var trainings = new KilledTrainings(folder.Path, args => ChildProgram.Start([], ["train", .. args]), kind);
        var expected = trainings.Undisturbed();
        int killed = 0;
        for (int run = 0; killed < kills; run++)
        {
            var (more, hashes) = trainings.Disturbed(new RandomStream(11, run));
            Assert.Equal(expected, hashes);
            killed += more;
        }
    }
}
