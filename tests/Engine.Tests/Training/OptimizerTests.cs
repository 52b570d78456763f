using MedSeg.Engine.Training;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;

namespace MedSeg.Engine.Tests.Training;

/// <summary>Our optimisers beside those of TorchSharp, which are written independently of them.</summary>
public class OptimizerTests
{
    public static TheoryData<string> Cases => ["Adam", "Adam decay", "AdamW", "AdamW options", "SGD", "SGD plain", "SGD nesterov"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Steps_equal_those_of_TorchSharp(string name)
    {
        using Parameter mine = Weights(), theirs = Weights();
        var (config, create) = Case(name);
        using IOptimizer optimizer = OptimizerRegistry.Create(config, [("w", mine)]);
        using torch.optim.Optimizer other = create([theirs]);
        for (int step = 0; step < 8; step++)
        {
            Descend(mine, step);
            optimizer.Step(0.05);
            Descend(theirs, step);
            other.step();
            using torch.Tensor difference = (mine - theirs).abs().max();
            Assert.InRange(difference.item<double>(), 0, 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Restored_state_continues_bit_by_bit(string name)
    {
        using Parameter one = Weights(), two = Weights();
        using IOptimizer straight = OptimizerRegistry.Create(Case(name).Config, [("w", one)]), resumed = OptimizerRegistry.Create(Case(name).Config, [("w", two)]);
        for (int step = 0; step < 8; step++)
        {
            if (step == 4)
            {
                using (torch.no_grad()) two.copy_(one);
                Dictionary<string, torch.Tensor> saved = straight.State().ToDictionary(s => s.Name, s => s.Value);
                resumed.Restore(straight.Steps, key => saved[key]);
            }

            Descend(one, step);
            straight.Step(0.05);
            if (step < 4) continue;
            Descend(two, step);
            resumed.Step(0.05);
        }

        Assert.Equal(one.data<double>().ToArray(), two.data<double>().ToArray());
        Assert.Equal(8, resumed.Steps);
    }

    [Fact]
    public void Parameters_without_gradient_stay()
    {
        foreach (string name in new[] { "Adam decay", "AdamW", "SGD" })
        {
            using Parameter weights = Weights();
            double[] before = weights.data<double>().ToArray();
            using IOptimizer optimizer = OptimizerRegistry.Create(Case(name).Config, [("w", weights)]);
            optimizer.Step(0.1);
            Assert.Equal(before, weights.data<double>().ToArray());
        }
    }

    [Fact]
    public void An_unknown_name_is_an_error() => Assert.Equal(
        "OptimizerUnknown", Assert.Throws<SegException>(() => OptimizerRegistry.Create(new ComponentConfig("RMSprop"), [])).ErrorId);

    private static (ComponentConfig Config, Func<Parameter[], torch.optim.Optimizer> Create) Case(string name) => name switch
    {
        "Adam" => (new(name), p => torch.optim.Adam(p, 0.05)),
        "Adam decay" => (Of("Adam", ("weight_decay", 0.1)), p => torch.optim.Adam(p, 0.05, weight_decay: 0.1)),
        "AdamW" => (new(name), p => torch.optim.AdamW(p, 0.05, weight_decay: 0.01)),
        "AdamW options" => (
            Of("AdamW", ("weight_decay", 0.3), ("betas", new object?[] { 0.7, 0.9 }), ("eps", 0.01)),
            p => torch.optim.AdamW(p, 0.05, 0.7, 0.9, 0.01, 0.3)),
        "SGD" => (Of(name, ("weight_decay", 0.1)), p => torch.optim.SGD(p, 0.05, momentum: 0.9, weight_decay: 0.1)),
        "SGD plain" => (Of("SGD", ("momentum", 0.0)), p => torch.optim.SGD(p, 0.05)),
        _ => (Of("SGD", ("momentum", 0.7), ("nesterov", true)), p => torch.optim.SGD(p, 0.05, momentum: 0.7, nesterov: true)),
    };

    private static ComponentConfig Of(string name, params (string Key, object? Value)[] parameters) =>
        new(name, parameters.ToDictionary(p => p.Key, p => p.Value));

    private static Parameter Weights() => torch.nn.Parameter(torch.tensor(new[] { 3.0, -1, 0.5, 0 }));

    /// <summary>A gradient that depends on the weights and on the step.</summary>
    private static void Descend(Parameter weights, int step)
    {
        using var scope = torch.NewDisposeScope();
        weights.grad?.zero_();
        (((weights - 1).square() * (step + 1)).sum() + weights.sin().sum()).backward();
    }
}
