using System.Runtime.InteropServices;
using MedSeg.Engine.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedSeg.Engine.Networks;

/// <summary>First weights from our own random numbers, so that a seed means the same network on every platform.</summary>
internal static class WeightInitializer
{
    /// <summary>
    /// Convolutions: PyTorch's default, uniform in ±1/√fan_in for weight (Kaiming uniform with a = √5) and bias. Batch
    /// normalisation keeps weight 1, bias 0. Each tensor draws from its own stream, keyed by its position.
    /// </summary>
    public static void Fill(nn.Module network, long seed)
    {
        var position = 0;
        foreach (var (_, module) in ModuleTree.Descendants(network))
        {
            if (module is not Convolution conv)
                continue;
            var bound = 1 / Math.Sqrt(FanIn(conv.weight!));
            Uniform(conv.weight!, bound, new RandomStream(seed, position++));
            if (conv.bias is not null)
                Uniform(conv.bias, bound, new RandomStream(seed, position++));
        }
    }

    private static long FanIn(Tensor weight) => weight.shape.Skip(1).Aggregate(1L, (product, size) => product * size);

    private static void Uniform(Tensor tensor, double bound, RandomStream random)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var values = empty_like(tensor, requires_grad: false).contiguous();
        var span = MemoryMarshal.Cast<byte, float>(values.bytes);
        for (var i = 0; i < span.Length; i++)
            span[i] = (float)random.NextUniform(-bound, bound);
        tensor.copy_(values);
    }
}
