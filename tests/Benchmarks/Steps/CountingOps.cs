using MedSeg.Engine.Networks;
using TorchSharp.Modules;

namespace MedSeg.Benchmarks.Steps;

/// <summary>A value of which only the shape is known.</summary>
public sealed class CountedValue(params long[] shape)
{
    /// <summary>(N,C,H,W), (N,C,H,W,D) or (N,C)</summary>
    public IReadOnlyList<long> Shape => shape;

    public long Count => shape.Aggregate(1L, (product, side) => product * side);

    public CountedValue With(long channels) => new([shape[0], channels, .. shape[2..]]);

    public CountedValue Over(Func<long, int, long> side) => new([shape[0], shape[1], .. shape[2..].Select(side)]);
}

/// <summary>
/// Counts what a forward pass costs at least: multiplications of convolutions and linear layers, and the values that the backward
/// pass needs. Values that later ones take the place of in memory are counted once, as <see cref="TorchOps"/> works in place.
/// </summary>
internal sealed class CountingOps : INetworkOps<CountedValue>
{
    private readonly Dictionary<CountedValue, int> _furtherUses = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<CountedValue> _kept = new(ReferenceEqualityComparer.Instance);

    /// <summary>Multiply-and-add operations.</summary>
    public double Macs { get; private set; }

    /// <summary>Positions of maxima, 8 bytes each.</summary>
    public long Indices { get; private set; }

    /// <summary>Numbers that the backward pass needs.</summary>
    public double Kept => _kept.Sum(value => (double)value.Count);

    public CountedValue Retain(CountedValue x)
    {
        _furtherUses[x] = _furtherUses.GetValueOrDefault(x) + 1;
        return x;
    }

    public CountedValue Convolve(CountedValue x, Convolution layer)
    {
        var weight = layer.weight!.shape;
        var result = Keep(x).With(weight[0]).Over((side, axis) =>
            ((side + (2 * layer.padding![axis]) - weight[axis + 2]) / layer.stride[axis]) + 1);
        Macs += (double)result.Count * weight[1..].Aggregate(1L, (product, side) => product * side);
        return UseUp(x, result);
    }

    public CountedValue Linear(CountedValue x, Parameter weight, Parameter bias)
    {
        Macs += (double)x.Shape[0] * weight.numel();
        return UseUp(Keep(x), new CountedValue(x.Shape[0], weight.shape[0]));
    }

    public CountedValue Relu(CountedValue x) => Keep(Same(x));

    public CountedValue LeakyRelu(CountedValue x, double slope) => _furtherUses.ContainsKey(x) ? Same(Keep(x)) : Keep(Same(x));

    public CountedValue Normalize(CountedValue x, BatchNorm layer) => Same(Keep(x));

    public CountedValue NormalizeInstance(CountedValue x, int channels) => Same(Keep(x));

    public CountedValue Dropout(CountedValue x, double rate) => Same(x);

    public CountedValue DropoutOfValues(CountedValue x, double rate)
    {
        Keep(new CountedValue([.. x.Shape]));
        return Same(x);
    }

    public CountedValue MaxPool(CountedValue x, int kernel = 2, int stride = 2, int padding = 0)
    {
        var result = Keep(x).Over((side, _) => ((side + (2 * padding) - kernel) / stride) + 1);
        Indices += result.Count;
        return UseUp(x, result);
    }

    public CountedValue AveragePool(CountedValue x) => UseUp(x, x.Over((side, _) => side / 2));

    public CountedValue MeanOverSpace(CountedValue x) => UseUp(x, new CountedValue(x.Shape[0], x.Shape[1]));

    public CountedValue UpsampleTo(CountedValue x, CountedValue like) => UseUp(x, x.Over((_, axis) => like.Shape[axis + 2]));

    public CountedValue UpsampleNearest(CountedValue x) => UseUp(x, x.Over((side, _) => 2 * side));

    public CountedValue Add(CountedValue x, CountedValue y) => UseUp(x, y, Larger(x, y));

    public CountedValue Subtract(CountedValue x, CountedValue y) => UseUp(x, y, Larger(x, y));

    public CountedValue AddNumber(CountedValue x, double number) => Same(x);

    public CountedValue Multiply(CountedValue x, CountedValue y) => UseUp(Keep(x), Keep(y), Larger(x, y));

    public CountedValue Concat(CountedValue x, CountedValue y) => UseUp(x, y, x.With(x.Shape[1] + y.Shape[1]));

    public CountedValue Sigmoid(CountedValue x) => Keep(Same(x));

    public CountedValue Softmax(CountedValue x) => Keep(Same(x));

    public CountedValue DropChannels(CountedValue x, int count) => UseUp(x, x.With(x.Shape[1] - count));

    public CountedValue KeepChannels(CountedValue x, int count) => UseUp(x, x.With(count));

    public CountedValue OverSpace(CountedValue x) => UseUp(x, new CountedValue(x.Shape[0], x.Shape[1], 1, 1));

    public CountedValue DivideUnlessZero(CountedValue x, CountedValue divisor) => UseUp(x, Keep(divisor), Larger(x, divisor));

    public CountedValue MaxOfSample(CountedValue like) => new(like.Shape[0], 1, 1, 1);

    public CountedValue SumOfChannels(CountedValue like) => like.With(1);

    private CountedValue Keep(CountedValue x)
    {
        _kept.Add(x);
        return x;
    }

    private CountedValue Same(CountedValue x) => UseUp(x, new CountedValue([.. x.Shape]));

    private static CountedValue Larger(CountedValue x, CountedValue y) => new([.. (x.Count >= y.Count ? x : y).Shape]);

    private CountedValue UseUp(CountedValue x, CountedValue y, CountedValue result)
    {
        UseUp(x, result);
        return UseUp(y, result);
    }

    private CountedValue UseUp(CountedValue x, CountedValue result)
    {
        if (_furtherUses.TryGetValue(x, out var uses))
        {
            if (uses == 1)
                _furtherUses.Remove(x);
            else
                _furtherUses[x] = uses - 1;
        }

        return result;
    }
}

/// <summary>What one training step costs at least.</summary>
/// <param name="Macs">Multiply-and-add operations of the forward pass.</param>
/// <param name="Weights">Trainable numbers.</param>
/// <param name="Activations">Numbers that the backward pass needs, inputs, target and output included.</param>
/// <param name="Indices">Positions of maxima, 8 bytes each.</param>
internal sealed record StepCost(double Macs, long Weights, double Activations, long Indices)
{
    private const int BytesPerNumber = 4;
    private const int BytesPerIndex = 8;

    /// <summary>Weight, gradient and the two moments of Adam.</summary>
    private const int CopiesOfWeights = 4;

    /// <summary>Additions and multiplications of a step: the backward pass costs twice the forward pass.</summary>
    public double Flops => 2 * 3 * Macs;

    /// <summary>Weights, gradients, moments and activations.</summary>
    public double Bytes => (CopiesOfWeights * BytesPerNumber * Weights) + (BytesPerNumber * Activations) + (BytesPerIndex * Indices);

    /// <summary>Counts a step over inputs of the given shape.</summary>
    public static StepCost Of(SegNetwork network, IReadOnlyList<long> input, int metadata)
    {
        var ops = new CountingOps();
        CountedValue image = new([.. input]), output = network.Describe(ops, new NetworkInputs<CountedValue>(
            image, new CountedValue(input[0], metadata), new CountedValue(input[0], input[1])));
        return new(ops.Macs, network.parameters().Sum(p => p.numel()), ops.Kept + output.Count, ops.Indices);
    }
}
