using MedSeg.Engine.Training;
using TorchSharp;
using Xunit;

namespace MedSeg.Engine.Tests.Training;

public class AdamOptimizerTests
{
    [Fact]
    public void Follows_the_published_algorithm()
    {
        double[] gradients = [0.5, -2, 0.25, 1e-9];
        using var weight = torch.nn.Parameter(torch.tensor(3.0, torch.float64));
        using var adam = new AdamOptimizer([("w", weight)]);
        double w = 3, mean = 0, square = 0;
        for (int t = 1; t <= gradients.Length; t++)
        {
            Descend(adam, weight, gradients[t - 1], 0.01);
            mean = (0.9 * mean) + (0.1 * gradients[t - 1]);
            square = (0.999 * square) + (0.001 * gradients[t - 1] * gradients[t - 1]);
            w -= 0.01 * mean / (1 - Math.Pow(0.9, t)) / (Math.Sqrt(square / (1 - Math.Pow(0.999, t))) + 1e-8);
            Assert.Equal(w, weight.item<double>(), 1e-13);
        }
    }

    [Fact]
    public void Restored_state_continues_bit_by_bit()
    {
        using var one = torch.nn.Parameter(torch.tensor(3f));
        using var other = torch.nn.Parameter(torch.tensor(3f));
        using var adam = new AdamOptimizer([("w", one)]);
        for (int t = 0; t < 5; t++) Descend(adam, one, 0.3 * t, 0.01);
        using (torch.no_grad()) other.copy_(one);
        using var resumed = new AdamOptimizer([("w", other)]);
        var saved = adam.State().ToDictionary(s => s.Name, s => s.Value.clone());
        resumed.Restore(adam.Steps, name => saved[name]);
        for (int t = 5; t < 10; t++)
        {
            Descend(adam, one, 0.3 * t, 0.01);
            Descend(resumed, other, 0.3 * t, 0.01);
        }

        Assert.Equal(BitConverter.SingleToUInt32Bits(one.item<float>()), BitConverter.SingleToUInt32Bits(other.item<float>()));
        Assert.Equal(10, resumed.Steps);
        foreach (var tensor in saved.Values) tensor.Dispose();
    }

    [Fact]
    public void Gradients_do_not_add_up_over_steps()
    {
        using var weight = torch.nn.Parameter(torch.tensor(1f));
        using var adam = new AdamOptimizer([("w", weight)]);
        Descend(adam, weight, 2, 0);
        Descend(adam, weight, 2, 0);
        Assert.Equal(2f, weight.grad!.item<float>());
    }

    private static void Descend(AdamOptimizer adam, torch.Tensor weight, double gradient, double rate)
    {
        using var scope = torch.NewDisposeScope();
        adam.ZeroGradients();
        (weight * gradient).backward();
        adam.Step(rate);
    }
}
