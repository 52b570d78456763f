using MedSeg.Engine.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedSeg.Engine.Networks;

/// <summary>
/// Computes with tensors. A value is freed as soon as it was used for the last time, instead of at the end of the caller's
/// dispose scope, and activations work in place where nothing else needs their input: together they halve peak memory.
/// Automatic differentiation holds its own references to what the backward pass needs. One instance serves one forward pass.
/// In mixed precision (Micikevicius et al. 2018) convolutions take and give a shorter type, which the values between them keep;
/// statistics of normalisation, means over space, linear layers, sigmoid and softmax are computed in float32.
/// </summary>
internal sealed class TorchOps : INetworkOps<Tensor>
{
    private static readonly long[] OverChannels = [1];

    /// <summary>Of PyTorch's batch normalisation.</summary>
    private const double DefaultMomentum = 0.1;

    private readonly bool _training;
    private readonly Action<object, Tensor>? _layerDone;
    private readonly ScalarType _precision;
    private readonly int _dimensions;
    private readonly long[] _overSample;
    private readonly HashSet<Tensor> _inputs;
    private readonly Dictionary<Tensor, int> _furtherUses = new(ReferenceEqualityComparer.Instance);

    /// <summary>For one pass over <paramref name="inputs"/>, which stay the caller's.</summary>
    /// <param name="layerDone">As <see cref="SegNetwork.LayerDone"/>.</param>
    /// <param name="precision">Of convolutions.</param>
    public TorchOps(NetworkInputs inputs, bool training, Action<object, Tensor>? layerDone = null, ScalarType precision = ScalarType.Float32)
    {
        (_training, _layerDone, _precision) = (training, layerDone, precision);
        _dimensions = (int)inputs.Image.dim() - 2;
        _overSample = [.. Enumerable.Range(1, _dimensions + 1).Select(axis => (long)axis)];
        _inputs = new HashSet<Tensor>(ReferenceEqualityComparer.Instance) { inputs.Image };
        foreach (var input in new[] { inputs.Metadata, inputs.Available })
        {
            if (input is not null)
                _inputs.Add(input);
        }
    }

    public Tensor Retain(Tensor x)
    {
        _furtherUses[x] = _furtherUses.GetValueOrDefault(x) + 1;
        return x;
    }

    public Tensor Convolve(Tensor x, Convolution layer) =>
        UseUp(x, Done(layer, _precision == ScalarType.Float32 ? layer.call(x) : ShortConvolution.Apply(x, layer, _precision)));

    public Tensor Linear(Tensor x, Parameter weight, Parameter bias)
    {
        x = Long(x);
        return UseUp(x, Done(bias, nn.functional.linear(x, weight, bias)));
    }

    public Tensor Relu(Tensor x) => IsLastUse(x) ? Replace(x, x.relu_()) : UseUp(x, x.relu());

    public Tensor LeakyRelu(Tensor x, double slope) => IsLastUse(x) ? Replace(x, x.leaky_relu_(slope)) : UseUp(x, x.leaky_relu(slope));

    /// <remarks>
    /// A layer that is in evaluation mode by itself keeps its statistics while the others learn theirs. The layer's own forward pass
    /// counts its batches with numbers that nothing holds while native code reads them: the garbage collector may free them in between,
    /// and another thread's number is then read instead.
    /// </remarks>
    public Tensor Normalize(Tensor x, BatchNorm layer)
    {
        // One value per channel has no variance: a small image that is alone in its batch takes the running statistics.
        var fromBatch = _training && layer.training && x.numel() > x.shape[1];
        if (fromBatch)
            CountBatch(layer);
        return UseUp(x, Done(layer, nn.functional.batch_norm(
            x, layer.running_mean, layer.running_var, layer.weight, layer.bias, fromBatch, layer.momentum ?? DefaultMomentum, layer.eps)));
    }

    public Tensor NormalizeInstance(Tensor x, int channels)
    {
        ScalarType type = x.dtype;
        x = Long(x);
        return To(type, UseUp(x, nn.functional.instance_norm(x, eps: InstanceNormalization.Epsilon)));
    }

    public Tensor Dropout(Tensor x, double rate)
    {
        if (!_training || rate == 0)
            return x;
        var last = IsLastUse(x);
        var result = _dimensions == 2
            ? nn.functional.dropout2d(x, rate, training: true, inplace: last)
            : nn.functional.dropout3d(x, rate, training: true, inplace: last);
        return last ? Replace(x, result) : UseUp(x, result);
    }

    public Tensor DropoutOfValues(Tensor x, double rate)
    {
        if (!_training || rate == 0)
            return x;
        var last = IsLastUse(x);
        var result = nn.functional.dropout(x, rate, training: true, inplace: last);
        return last ? Replace(x, result) : UseUp(x, result);
    }

    public Tensor MaxPool(Tensor x, int kernel = 2, int stride = 2, int padding = 0) => UseUp(
        x,
        _dimensions == 2
            ? nn.functional.max_pool2d(x, kernel, stride, padding)
            : nn.functional.max_pool3d(x, [kernel, kernel, kernel], [stride, stride, stride], [padding, padding, padding]));

    public Tensor AveragePool(Tensor x) => UseUp(x, _dimensions == 2 ? nn.functional.avg_pool2d(x, 2) : nn.functional.avg_pool3d(x, [2, 2, 2]));

    public Tensor MeanOverSpace(Tensor x)
    {
        x = Long(x);
        return UseUp(x, x.mean(_dimensions == 2 ? [2, 3] : [2, 3, 4]));
    }

    public Tensor UpsampleTo(Tensor x, Tensor like) => UseUp(
        x,
        nn.functional.interpolate(
            x, like.shape[2..], mode: _dimensions == 2 ? InterpolationMode.Bilinear : InterpolationMode.Trilinear, align_corners: true));

    public Tensor UpsampleNearest(Tensor x) => UseUp(
        x, nn.functional.interpolate(x, Array.ConvertAll(x.shape[2..], side => 2 * side), mode: InterpolationMode.Nearest));

    public Tensor Add(Tensor x, Tensor y)
    {
        (x, y) = SameType(x, y);
        return UseUp(x, y, x.Plus(y));
    }

    public Tensor Subtract(Tensor x, Tensor y)
    {
        (x, y) = SameType(x, y);
        return UseUp(x, y, x.Minus(y));
    }

    public Tensor AddNumber(Tensor x, double number) => UseUp(x, x.Plus(number));

    public Tensor Multiply(Tensor x, Tensor y)
    {
        (x, y) = SameType(x, y);
        return UseUp(x, y, x * y);
    }

    public Tensor Concat(Tensor x, Tensor y)
    {
        (x, y) = SameType(x, y);
        return UseUp(x, y, cat([x, y], 1));
    }

    public Tensor Sigmoid(Tensor x)
    {
        x = Long(x);
        return UseUp(x, sigmoid(x));
    }

    public Tensor Softmax(Tensor x)
    {
        x = Long(x);
        return UseUp(x, nn.functional.softmax(x, 1));
    }

    public Tensor DropChannels(Tensor x, int count) => UseUp(x, x.narrow(1, count, x.shape[1] - count));

    public Tensor KeepChannels(Tensor x, int count) => UseUp(x, x.narrow(1, 0, count));

    public Tensor OverSpace(Tensor x) => UseUp(x, x.reshape([x.shape[0], x.shape[1], .. Enumerable.Repeat(1L, _dimensions)]));

    public Tensor DivideUnlessZero(Tensor x, Tensor divisor)
    {
        (x, divisor) = SameType(x, divisor);
        using Scalar zero = 0, one = 1;
        using var isZero = divisor.eq(zero);
        using var safe = divisor.masked_fill(isZero, one);
        return UseUp(x, divisor, x / safe);
    }

    public Tensor MaxOfSample(Tensor like) => like.amax(_overSample, keepdim: true);

    public Tensor SumOfChannels(Tensor like) => like.sum(OverChannels, keepdim: true);

    private bool IsLastUse(Tensor x) => !_inputs.Contains(x) && !_furtherUses.ContainsKey(x);

    /// <summary>The value in float32; without mixed precision a network that was made float64, as gradient checks want it, stays so.</summary>
    private Tensor Long(Tensor x) => _precision == ScalarType.Float32 ? x : To(ScalarType.Float32, x);

    private Tensor To(ScalarType type, Tensor x) => x.dtype == type ? x : UseUp(x, x.to(type));

    /// <summary>Two values of one type: the smaller one follows the larger one, which so keeps its size in memory.</summary>
    private (Tensor X, Tensor Y) SameType(Tensor x, Tensor y)
    {
        if (x.dtype == y.dtype)
            return (x, y);
        return x.numel() >= y.numel() ? (x, UseUp(y, y.to(x.dtype))) : (UseUp(x, x.to(y.dtype)), y);
    }

    private Tensor Done(object layer, Tensor result)
    {
        _layerDone?.Invoke(layer, result);
        return result;
    }

    private Tensor UseUp(Tensor x, Tensor y, Tensor result)
    {
        _ = UseUp(x, result);
        return UseUp(y, result);
    }

    private Tensor UseUp(Tensor x, Tensor result)
    {
        if (_furtherUses.TryGetValue(x, out var uses))
        {
            if (uses == 1)
                _furtherUses.Remove(x);
            else
                _furtherUses[x] = uses - 1;
        }
        else if (!_inputs.Contains(x))
        {
            x.Dispose();
        }

        return result;
    }

    /// <summary>In-place operations may answer the same object or a second handle to the same memory.</summary>
    private static Tensor Replace(Tensor x, Tensor result)
    {
        if (!ReferenceEquals(x, result))
            x.Dispose();
        return result;
    }

    private static void CountBatch(BatchNorm layer)
    {
        if (layer.num_batches_tracked is not { } count)
            return;
        using var noGradient = no_grad();
        using Scalar one = 1L;
        count.add_(one, one);
    }
}
