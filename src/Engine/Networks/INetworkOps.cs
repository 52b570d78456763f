using TorchSharp.Modules;

namespace MedSeg.Engine.Networks;

/// <summary>
/// The operations a network is written in. Each architecture describes its forward pass once over this interface; one back
/// end computes tensors (and trains), another emits ONNX nodes, so that the exported file can't drift from what was trained.
/// Values have shape (N,C,H,W). Every operation uses up its first argument, whose memory may be reused at once: call
/// <see cref="Retain"/> before a value that is needed again. Arguments named <c>like</c> are only looked at.
/// </summary>
/// <typeparam name="T">A tensor, or the name of a value in a graph.</typeparam>
public interface INetworkOps<T>
{
    /// <summary>Allows one more use of a value.</summary>
    T Retain(T x);

    /// <summary>Convolution with the layer's weight, bias, stride and padding.</summary>
    T Convolve(T x, Conv2d layer);

    /// <summary>max(x, 0).</summary>
    T Relu(T x);

    /// <summary>Batch normalisation: batch statistics while training, running statistics otherwise.</summary>
    T Normalize(T x, BatchNorm2d layer);

    /// <summary>While training, sets whole channels to zero with the layer's probability and scales the others; else nothing.</summary>
    T Dropout(T x, Dropout2d layer);

    /// <summary>Maximum over 2×2 windows with stride 2; an odd last row or column is left out.</summary>
    T MaxPool(T x);

    /// <summary>Bilinear interpolation to the height and width of <paramref name="like"/>, corners aligned.</summary>
    T UpsampleTo(T x, T like);

    /// <summary>Channels of <paramref name="x"/>, then those of <paramref name="y"/>; uses up both.</summary>
    T Concat(T x, T y);

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    T Sigmoid(T x);

    /// <summary>Softmax over the channels.</summary>
    T Softmax(T x);

    /// <summary>Leaves out the first <paramref name="count"/> channels.</summary>
    T DropChannels(T x, int count);

    /// <summary>Divides by <paramref name="divisor"/> (broadcast), and by 1 where it is 0; uses up both.</summary>
    T DivideUnlessZero(T x, T divisor);

    /// <summary>(N,1,1,1): the largest value of each sample.</summary>
    T MaxOfSample(T like);

    /// <summary>(N,1,H,W): the sum over channels.</summary>
    T SumOfChannels(T like);
}
