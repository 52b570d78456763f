using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedSeg.Engine.Networks;

/// <summary>
/// Computes with tensors. A value is freed as soon as it was used for the last time, instead of at the end of the caller's
/// dispose scope, and activations work in place where nothing else needs their input: together they halve peak memory.
/// Automatic differentiation holds its own references to what the backward pass needs. One instance serves one forward pass.
/// </summary>
internal sealed class TorchOps : INetworkOps<Tensor>
{
    private static readonly long[] OverSample = [1, 2, 3];
    private static readonly long[] OverChannels = [1];
    private readonly bool _training;
    private readonly Tensor _input;
    private readonly Dictionary<Tensor, int> _furtherUses = new(ReferenceEqualityComparer.Instance);

    /// <summary>For one pass over <paramref name="input"/>, which stays the caller's.</summary>
    public TorchOps(Tensor input, bool training) => (_input, _training) = (input, training);

    public Tensor Retain(Tensor x)
    {
        _furtherUses[x] = _furtherUses.GetValueOrDefault(x) + 1;
        return x;
    }

    public Tensor Convolve(Tensor x, Conv2d layer) => UseUp(x, layer.call(x));

    public Tensor Relu(Tensor x) => IsLastUse(x) ? Replace(x, x.relu_()) : UseUp(x, x.relu());

    public Tensor Normalize(Tensor x, BatchNorm2d layer) => UseUp(x, layer.call(x));

    public Tensor Dropout(Tensor x, Dropout2d layer)
    {
        if (!_training || layer.p == 0)
            return x;
        return IsLastUse(x)
            ? Replace(x, nn.functional.dropout2d(x, layer.p, training: true, inplace: true))
            : UseUp(x, nn.functional.dropout2d(x, layer.p, training: true, inplace: false));
    }

    public Tensor MaxPool(Tensor x) => UseUp(x, nn.functional.max_pool2d(x, 2));

    public Tensor UpsampleTo(Tensor x, Tensor like) => UseUp(
        x, nn.functional.interpolate(x, [like.shape[2], like.shape[3]], mode: InterpolationMode.Bilinear, align_corners: true));

    public Tensor Concat(Tensor x, Tensor y)
    {
        var joined = cat([x, y], 1);
        _ = UseUp(x, joined);
        return UseUp(y, joined);
    }

    public Tensor Sigmoid(Tensor x) => UseUp(x, sigmoid(x));

    public Tensor Softmax(Tensor x) => UseUp(x, nn.functional.softmax(x, 1));

    public Tensor DropChannels(Tensor x, int count) => UseUp(x, x.narrow(1, count, x.shape[1] - count));

    public Tensor DivideUnlessZero(Tensor x, Tensor divisor)
    {
        using var isZero = divisor.eq(0);
        using var safe = divisor.masked_fill(isZero, 1);
        var quotient = x / safe;
        _ = UseUp(divisor, quotient);
        return UseUp(x, quotient);
    }

    public Tensor MaxOfSample(Tensor like) => like.amax(OverSample, keepdim: true);

    public Tensor SumOfChannels(Tensor like) => like.sum(OverChannels, keepdim: true);

    private bool IsLastUse(Tensor x) => !ReferenceEquals(x, _input) && !_furtherUses.ContainsKey(x);

    private Tensor UseUp(Tensor x, Tensor result)
    {
        if (_furtherUses.TryGetValue(x, out var uses))
        {
            if (uses == 1)
                _furtherUses.Remove(x);
            else
                _furtherUses[x] = uses - 1;
        }
        else if (!ReferenceEquals(x, _input))
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
}
