using System.Runtime.InteropServices;
using MedSeg.Engine.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedSeg.Engine.Networks;

/// <summary>First weights from our own random numbers, so that a seed means the same network on every platform.</summary>
internal static class WeightInitializer
{
    private const double LeakyGainSquared = 2 / (1 + (0.01 * 0.01));

    /// <summary>
    /// Convolutions as <paramref name="convolutions"/> says; linear layers by PyTorch's default, uniform in ±1/√fan_in for weight
    /// (Kaiming uniform with a = √5) and bias. Batch normalisation keeps weight 1, bias 0. Each tensor draws from its own stream,
    /// keyed by its position.
    /// </summary>
    public static void Fill(nn.Module network, long seed, FirstWeights convolutions = FirstWeights.Uniform)
    {
        var position = 0;
        foreach (var (_, module) in ModuleTree.Descendants(network))
        {
            if (module is Convolution conv)
                Draw(conv.weight, true, conv.bias, convolutions);
            else if (module is FilmLinear film)
                Draw(film.Weight, film.OwnsWeight, film.Bias, FirstWeights.Uniform);
            else if (module is Linear linear)
                Draw(linear.weight, true, linear.bias, FirstWeights.Uniform);
        }

        void Draw(Parameter? weight, bool ownsWeight, Parameter? bias, FirstWeights kind)
        {
            if (ownsWeight)
                Fill(weight!, kind, new RandomStream(seed, position++));
            if (bias is null)
                return;
            var bound = kind == FirstWeights.Uniform ? 1 / Math.Sqrt(FanIn(weight!)) : 0;
            Uniform(bias, bound, new RandomStream(seed, position++));
        }
    }

    /// <summary>
    /// Weights of convolutions again, from the normal distribution of variance 2/fan_in (He et al. 2015), and weights of batch
    /// normalisation around 1 with deviation 0.02.
    /// </summary>
    /// <param name="part">Of a network.</param>
    /// <param name="seed">Of the network.</param>
    /// <param name="key">Tells this part from others of the network.</param>
    public static void FillNormal(nn.Module part, long seed, long key)
    {
        var position = 0;
        foreach (var (_, module) in ModuleTree.Descendants(part))
        {
            if (module is Convolution conv)
                Normal(conv.weight!, 0, Math.Sqrt(2.0 / FanIn(conv.weight!)), new RandomStream(seed, key, position++));
            else if (module is BatchNorm norm)
                Normal(norm.weight!, 1, 0.02, new RandomStream(seed, key, position++));
        }
    }

    private static void Fill(Tensor weight, FirstWeights kind, RandomStream random)
    {
        var fanIn = FanIn(weight);
        var fanOut = fanIn / weight.shape[1] * weight.shape[0];
        switch (kind)
        {
            case FirstWeights.NormalFanIn:
                Normal(weight, 0, Math.Sqrt(2.0 / fanIn), random);
                break;
            case FirstWeights.NormalFanOut:
                Normal(weight, 0, Math.Sqrt(2.0 / fanOut), random);
                break;
            case FirstWeights.Xavier:
                Uniform(weight, Math.Sqrt(LeakyGainSquared * 6 / (fanIn + fanOut)), random);
                break;
            default:
                Uniform(weight, 1 / Math.Sqrt(fanIn), random);
                break;
        }
    }

    private static long FanIn(Tensor weight) => weight.shape.Skip(1).Aggregate(1L, (product, size) => product * size);

    private static void Uniform(Tensor tensor, double bound, RandomStream random) => Fill(tensor, () => random.NextUniform(-bound, bound));

    private static void Normal(Tensor tensor, double mean, double deviation, RandomStream random) =>
        Fill(tensor, () => mean + (deviation * random.Normal()));

    private static void Fill(Tensor tensor, Func<double> next)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var values = empty_like(tensor, requires_grad: false).contiguous();
        var span = MemoryMarshal.Cast<byte, float>(values.bytes);
        for (var i = 0; i < span.Length; i++)
            span[i] = (float)next();
        tensor.copy_(values);
    }
}
