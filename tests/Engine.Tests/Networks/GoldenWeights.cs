using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MedSeg.Engine.Tests.Networks;

/// <summary>The documented deterministic weights and inputs of the golden models.</summary>
internal static class GoldenWeights
{
    /// <summary>
    /// One linear congruential stream over all parameters in order: s ← 1664525·s + 1013904223 mod 2³², v = 2s/2³² − 1; weights
    /// of two or more axes v·√(6/fan_in), batch-norm weights 1 + 0.1v, biases 0.1v. The reference has weights in every FiLM layer
    /// when they are filled, and replaces all but the first layer's two matrices in the forward pass; their numbers are left out here.
    /// </summary>
    /// <returns>Number of elements filled or left out.</returns>
    public static long Fill(nn.Module network)
    {
        var state = 12345u;
        var count = 0L;
        using var guard = no_grad();
        var parameters = network.named_parameters().ToList();
        var names = parameters.Select(p => p.name).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, parameter) in parameters)
        {
            if (SharedWeight(name) is { } shared && !names.Contains(shared))
            {
                var size = parameters.First(p => p.name.EndsWith(shared[shared.LastIndexOf("generator", StringComparison.Ordinal)..], StringComparison.Ordinal)).parameter.numel();
                for (var i = 0L; i < size; i++)
                    state = (1664525u * state) + 1013904223u;
                count += size;
            }

            var fanIn = parameter.shape.Skip(1).Aggregate(1L, (product, size) => product * size);
            var values = new float[parameter.numel()];
            for (var i = 0; i < values.Length; i++)
            {
                state = (1664525u * state) + 1013904223u;
                var v = (2.0 * state / 4294967296.0) - 1;
                values[i] = (float)(parameter.dim() >= 2 ? v * Math.Sqrt(6.0 / fanIn) : name.EndsWith("weight", StringComparison.Ordinal) ? 1 + (0.1 * v) : 0.1 * v);
            }

            using var tensor = ToTensor(values, parameter.shape);
            parameter.copy_(tensor);
            count += values.Length;
        }

        return count;
    }

    /// <summary>The name that the weight before a bias of a FiLM generator has in the reference.</summary>
    private static string? SharedWeight(string name) => name.Contains("generator.linear", StringComparison.Ordinal) && name.EndsWith(".bias", StringComparison.Ordinal)
        ? name[..^".bias".Length] + ".weight"
        : null;

    /// <summary>sin(0.37 i) + 0.5 cos(1.7·0.37 i), i in C order.</summary>
    public static float[] Wave(int count) =>
        [.. Enumerable.Range(0, count).Select(i => (float)(Math.Sin(0.37 * i) + (0.5 * Math.Cos(1.7 * 0.37 * i))))];

    public static Tensor ToTensor(float[] values, params long[] shape)
    {
        var tensor = empty(shape);
        MemoryMarshal.AsBytes(values.AsSpan()).CopyTo(tensor.bytes);
        return tensor;
    }

    public static float[] ToArray(Tensor tensor)
    {
        using var plain = tensor.detach().cpu().contiguous();
        return MemoryMarshal.Cast<byte, float>(plain.bytes).ToArray();
    }

    public static float LargestDifference(float[] a, float[] b)
    {
        if (a.Length != b.Length)
            return float.PositiveInfinity;
        var largest = 0f;
        for (var i = 0; i < a.Length; i++)
        {
            var difference = Math.Abs(a[i] - b[i]);
            if (!(difference <= largest))
                largest = float.IsNaN(difference) ? float.PositiveInfinity : difference;
        }

        return largest;
    }
}
