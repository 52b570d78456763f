using MedSeg.Engine.Networks;
using MedSeg.Engine.Training;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;

namespace MedSeg.Engine.Tests.Training;

/// <summary>Clipping, accumulation and averages against their formulas.</summary>
[Collection(TorchGlobalState.Name)]
public class WeightUpdateTests
{
    [Theory]
    [InlineData(1, 1 / (13 + 1e-6))]
    [InlineData(6.5, 6.5 / (13 + 1e-6))]
    [InlineData(14, 1)]
    public void Gradients_are_scaled_down_to_the_largest_norm(double largest, double factor)
    {
        using Parameter one = WithGradient(3, 4), other = WithGradient(12);
        using Parameter none = torch.nn.Parameter(torch.zeros(2, torch.float64));
        GradientClip.Apply([one, none, other], largest);
        Assert.Equal([3 * factor, 4 * factor], Gradient(one), new Near());
        Assert.Equal([12 * factor], Gradient(other), new Near());
    }

    [Fact]
    public void Accumulated_gradients_are_means_over_samples()
    {
        using Parameter weights = torch.nn.Parameter(torch.zeros(2, torch.float64));
        using var accumulator = new GradientAccumulator([("w", weights)]);
        Leave(weights, 1, 2);
        accumulator.Add(3);
        Leave(weights, 5, -2);
        accumulator.Add(1);
        Assert.Equal(new PendingBatches(2, 4), accumulator.Pending);
        accumulator.Release();
        Assert.Equal([(3 + 5) / 4.0, (6 - 2) / 4.0], Gradient(weights), new Near());
        Assert.Equal(default, accumulator.Pending);
        Assert.Equal(0, accumulator.State().Single().Value.abs().sum().item<double>());
    }

    /// <summary>Four batches per epoch: the last step of an epoch takes what is left.</summary>
    [Theory]
    [InlineData(1, 4)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    [InlineData(4, 1)]
    [InlineData(9, 1)]
    public void Steps_per_epoch(int accumulate, int steps)
    {
        using var fixture = new SessionFixture(update: new(Accumulate: accumulate));
        fixture.Session.RunEpoch(default);
        Assert.Equal((steps, 0, 0), (fixture.Session.Position.Steps, fixture.Session.Position.EpochSteps, fixture.Session.Position.Pending.Batches));
    }

    /// <summary>The first batch is the same in both; the second one sees new weights only where the first made a step.</summary>
    [Fact]
    public void Weights_wait_for_the_last_batch_of_a_step()
    {
        List<double> Losses(int accumulate)
        {
            var losses = new List<double>();
            using var fixture = new SessionFixture(update: new(Accumulate: accumulate), batchDone: (_, loss) => losses.Add(loss));
            fixture.Session.RunEpoch(default);
            return losses;
        }

        List<double> plain = Losses(1), two = Losses(2), four = Losses(4);
        Assert.Equal(plain[0], four[0]);
        Assert.NotEqual(plain[1], four[1]);
        Assert.Equal(two[..2], four[..2]);
        Assert.NotEqual(two[2], four[2]);
    }

    [Fact]
    public void Averages_follow_their_formula_and_are_lent()
    {
        using var network = new Unet(new UnetOptions(1, 1, Depth: 2, Filters: 4), 5);
        using var average = new AveragedWeights(network, 0.5);
        Dictionary<string, double> expected = Sums(NamedTensors.Of(network));
        for (int step = 1; step <= 12; step++)
        {
            using (torch.no_grad())
            {
                foreach (var (name, value) in NamedTensors.Of(network)) value.add_(step);
            }

            average.Update(step);
            double decay = Math.Min(0.5, (1.0 + step) / (10 + step));
            foreach (var (name, now) in Sums(NamedTensors.Of(network))) expected[name] = (decay * expected[name]) + ((1 - decay) * now);
        }

        var own = Sums(NamedTensors.Of(network));
        string[] floats = [.. NamedTensors.Of(network).Where(t => t.Value.is_floating_point()).Select(t => t.Name)];
        Assert.NotEmpty(floats);
        using (average.Lend())
        {
            var lent = Sums(NamedTensors.Of(network));
            foreach (string name in floats) Assert.Equal(expected[name], lent[name], 1e-5 * Math.Max(1, Math.Abs(expected[name])));
            foreach (string name in lent.Keys.Except(floats)) Assert.Equal(own[name], lent[name]);
        }

        Assert.Equal(own, Sums(NamedTensors.Of(network)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Averages_are_what_is_validated_and_kept(bool validate)
    {
        using var fixture = new SessionFixture(update: new(AverageDecay: 0.9), validate: validate);
        SegEpoch first = fixture.Session.RunEpoch(default);
        Dictionary<string, double> average = Sums(fixture.Session.Tensors().Where(t => t.Name.StartsWith("ema.", StringComparison.Ordinal)).Select(t => (t.Name[4..], t.Value)));
        Assert.NotEqual(average, Sums(NamedTensors.Of(fixture.Network)));
        fixture.Session.LoadBest();
        Assert.Equal(average, Sums(NamedTensors.Of(fixture.Network)));

        using var plain = new SessionFixture(validate: validate);
        SegEpoch other = plain.Session.RunEpoch(default);
        Assert.Equal(other.TrainingLoss, first.TrainingLoss);
        if (validate) Assert.NotEqual(other.ValidationLoss, first.ValidationLoss);
    }

    private static Dictionary<string, double> Sums(IEnumerable<(string Name, torch.Tensor Value)> tensors) =>
        tensors.ToDictionary(t => t.Name, t => t.Value.to(torch.float64).mean().item<double>());

    private static Parameter WithGradient(params double[] gradient)
    {
        Parameter parameter = torch.nn.Parameter(torch.zeros(gradient.Length, torch.float64));
        Leave(parameter, gradient);
        return parameter;
    }

    private static void Leave(Parameter parameter, params double[] gradient)
    {
        using var scope = torch.NewDisposeScope();
        parameter.grad?.zero_();
        (parameter * torch.tensor(gradient)).sum().backward();
    }

    private static double[] Gradient(Parameter parameter)
    {
        using torch.Tensor gradient = parameter.grad!;
        return gradient.data<double>().ToArray();
    }

    private sealed class Near : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) < 1e-12;

        public int GetHashCode(double value) => 0;
    }
}
