using MedSeg.Engine.Training;
using Xunit;

namespace MedSeg.Engine.Tests.Training;

public class EarlyStoppingTests
{
    [Fact]
    public void Improvement_sets_the_counter_back() =>
        Assert.Equal(new EarlyStoppingState(-0.6, 0), After(new EarlyStopping(3, 0.001), -0.5, -0.4, -0.4, -0.6));

    [Fact]
    public void Stops_after_that_many_epochs_without_improvement()
    {
        var rule = new EarlyStopping(3, 0.001);
        Assert.False(rule.ShouldStop(After(rule, -0.5, -0.4, -0.45)));
        Assert.True(rule.ShouldStop(After(rule, -0.5, -0.4, -0.45, -0.46)));
    }

    // Each epoch is better than the one before it but none reaches the best (known defect D-71).
    [Fact]
    public void Compares_with_the_best_and_not_with_the_previous_epoch() =>
        Assert.Equal(3, After(new EarlyStopping(9, 0), -0.9, -0.1, -0.2, -0.3).BadEpochs);

    [Theory]
    [InlineData(-0.5051, 0)]
    [InlineData(-0.5049, 1)]
    public void Smallest_improvement_is_a_percentage_of_the_best(double loss, int badEpochs) =>
        Assert.Equal(badEpochs, After(new EarlyStopping(9, 1), -0.5, loss).BadEpochs);

    [Fact]
    public void Slow_progress_adds_up_to_an_improvement() =>
        Assert.Equal(new EarlyStoppingState(-0.506, 0), After(new EarlyStopping(9, 1), -0.5, -0.502, -0.504, -0.506));

    [Fact]
    public void A_best_loss_of_zero_can_be_improved_on()
    {
        Assert.Equal(0, After(new EarlyStopping(9, 1), 0, -0.1).BadEpochs);
        Assert.Equal(1, After(new EarlyStopping(9, 0), 0, 0).BadEpochs);
    }

    /// <summary>The reference's rule: each epoch against the one before it, in percent of its own loss, and the counter only rises.</summary>
    [Theory]
    [InlineData(new[] { -0.5, -0.4, -0.6, -0.5 }, 2)]
    [InlineData(new[] { -0.9, -0.1, -0.2, -0.3 }, 1)]
    [InlineData(new[] { -0.5 }, 0)]
    [InlineData(new[] { -0.5, -0.5 }, 1)]
    [InlineData(new[] { -0.5, -0.5049 }, 1)]
    [InlineData(new[] { -0.5, -0.5051 }, 0)]
    [InlineData(new[] { -0.5, -0.502, -0.504, -0.506 }, 3)]
    [InlineData(new[] { 0.2, 0.0, 0.1 }, 1)]
    public void Comparison_with_the_previous_epoch_is_there_for_compatibility(double[] losses, int badEpochs)
    {
        var rule = new EarlyStopping(badEpochs + 1, 1, comparePrevious: true);
        Assert.Equal(new EarlyStoppingState(losses[^1], badEpochs), After(rule, losses));
        Assert.False(rule.ShouldStop(After(rule, losses)));
        Assert.True(rule.ShouldStop(After(rule, [.. losses, losses[^1]])));
    }

    private static EarlyStoppingState After(EarlyStopping rule, params double[] losses) =>
        losses.Aggregate(default(EarlyStoppingState), rule.Next);
}
