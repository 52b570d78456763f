using MedSeg.Engine.Data.Sampling;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Data.Sampling;

public class SampleOrderTests
{
    private static readonly string[] Labels = ["a", "a", "b", "a", "c", "a"];

    [Fact]
    public void Shuffled_takes_each_once_in_an_order_of_its_seed_and_epoch()
    {
        var order = new ShuffledOrder(50, 3);
        Assert.Equal(Enumerable.Range(0, 50), order.Epoch(1).Order());
        Assert.False(order.Repeats);
        Assert.Equal(order.Epoch(1), new ShuffledOrder(50, 3).Epoch(1));
        Assert.NotEqual(order.Epoch(1), order.Epoch(2));
        Assert.NotEqual(order.Epoch(1), new ShuffledOrder(50, 4).Epoch(1));
    }

    [Fact]
    public void Balanced_weights_are_one_over_the_number_of_equal_labels()
    {
        var order = new BalancedOrder(Labels, 1);
        Assert.Equal([0.25, 0.25, 1, 0.25, 1, 0.25], order.Weights());
        Assert.Equal((6, 3), (order.Count, order.Labels));
    }

    [SharedFact]
    public void Balanced_weights_agree_with_the_reference()
    {
        foreach (var golden in Golden.Load("training").Of("BalancedSampler"))
        {
            var labels = golden.Parameters.GetProperty(golden.Parameters.GetProperty("metadata").GetString()!)
                .EnumerateArray().Select(label => label.ToString()).ToList();
            Assert.Equal(golden.Out("weights").Doubles(), new BalancedOrder(labels, 1).Weights());
        }
    }

    [Fact]
    public void Balanced_draws_follow_the_weights()
    {
        var labels = Enumerable.Range(0, 300).Select(i => i < 270 ? "often" : i < 295 ? "seldom" : "once in a while").ToList();
        var order = new BalancedOrder(labels, 5);
        var counts = new int[labels.Count];
        const int Epochs = 200;
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            var drawn = order.Epoch(epoch);
            Assert.Equal(labels.Count, drawn.Length);
            foreach (var sample in drawn)
                counts[sample]++;
        }

        // 60,000 draws: a third of them per label, within 5 standard deviations of a binomial (115).
        foreach (var label in labels.Distinct())
            Assert.InRange(labels.Zip(counts).Where(pair => pair.First == label).Sum(pair => pair.Second), 20_000 - 577, 20_000 + 577);
        Assert.All(counts, count => Assert.NotEqual(0, count));
    }

    [Fact]
    public void Balanced_draws_depend_on_seed_and_epoch_only()
    {
        var order = new BalancedOrder(Labels, 9);
        var first = order.Epoch(3);
        order.Epoch(4);
        Assert.Equal(first, order.Epoch(3));
        Assert.Equal(first, new BalancedOrder([.. Labels.Select(label => label + "x")], 9).Epoch(3));
        Assert.NotEqual(new BalancedOrder(Labels, 10).Epoch(3), first);
        Assert.NotEqual(order.Epoch(4), first);
    }

    [Fact]
    public void Nothing_to_draw_from_is_an_empty_epoch() => Assert.Empty(new BalancedOrder([], 1).Epoch(0));
}
