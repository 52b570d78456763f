using TorchSharp.Modules;

namespace MedSeg.Engine.Networks;

/// <summary>
/// The operations a network is written in. Each architecture describes its forward pass once over this interface; one back
/// end computes tensors (and trains), another emits ONNX nodes, so that the exported file can't drift from what was trained.
/// Values have shape (N,C,H,W) or (N,C,H,W,D), and (N,C) beside the image. Every operation uses up its arguments, whose memory
/// may be reused at once: call <see cref="Retain"/> before a value that is needed again. Arguments named <c>like</c> are only looked at.
/// </summary>
/// <typeparam name="T">A tensor, or the name of a value in a graph.</typeparam>
public interface INetworkOps<T>
{
    /// <summary>Allows one more use of a value.</summary>
    T Retain(T x);

    /// <summary>Convolution in two or three dimensions with the layer's weight, bias, stride and padding.</summary>
    T Convolve(T x, Convolution layer);

    /// <summary>(N,C) → (N,L): x·weightᵀ + bias.</summary>
    /// <param name="x">(N,C)</param>
    /// <param name="weight">(L,C), a parameter of the network; several layers may share one.</param>
    /// <param name="bias">(L), a parameter of the network.</param>
    T Linear(T x, Parameter weight, Parameter bias);

    /// <summary>max(x, 0).</summary>
    T Relu(T x);

    /// <summary>x where it is positive, else slope·x.</summary>
    T LeakyRelu(T x, double slope);

    /// <summary>Batch normalisation: batch statistics while training, running statistics otherwise.</summary>
    T Normalize(T x, BatchNorm layer);

    /// <summary>(x − mean) / √(variance + 1e-5) over the space of each channel of each sample, in training and evaluation alike.</summary>
    /// <param name="x">More than one pixel or voxel.</param>
    /// <param name="channels">C</param>
    T NormalizeInstance(T x, int channels);

    /// <summary>While training, sets whole channels to zero with the given probability and scales the others; else nothing.</summary>
    T Dropout(T x, double rate);

    /// <summary>While training, sets single values to zero with the given probability and scales the others; else nothing.</summary>
    T DropoutOfValues(T x, double rate);

    /// <summary>Maximum over windows along each axis of space; what does not fill a last window is left out.</summary>
    /// <param name="x">(N,C,H,W) or (N,C,H,W,D)</param>
    /// <param name="kernel">Side of a window.</param>
    /// <param name="stride">From one window to the next.</param>
    /// <param name="padding">Of −∞ on each side, at most half the kernel.</param>
    T MaxPool(T x, int kernel = 2, int stride = 2, int padding = 0);

    /// <summary>Mean over windows of 2 along each axis of space with stride 2; an odd last row is left out.</summary>
    T AveragePool(T x);

    /// <summary>(N,C,H,W) or (N,C,H,W,D) → (N,C): the mean over space.</summary>
    T MeanOverSpace(T x);

    /// <summary>Bilinear or trilinear interpolation to the size of <paramref name="like"/>, corners aligned.</summary>
    T UpsampleTo(T x, T like);

    /// <summary>Twice as large along each axis of space, each value repeated.</summary>
    T UpsampleNearest(T x);

    /// <summary>x + y; axes of size 1 are repeated.</summary>
    T Add(T x, T y);

    /// <summary>x − y; axes of size 1 are repeated.</summary>
    T Subtract(T x, T y);

    /// <summary>x + number.</summary>
    T AddNumber(T x, double number);

    /// <summary>x · y element by element; axes of size 1 are repeated.</summary>
    T Multiply(T x, T y);

    /// <summary>Channels of <paramref name="x"/>, then those of <paramref name="y"/>.</summary>
    T Concat(T x, T y);

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    T Sigmoid(T x);

    /// <summary>Softmax over the channels.</summary>
    T Softmax(T x);

    /// <summary>Leaves out the first <paramref name="count"/> channels.</summary>
    T DropChannels(T x, int count);

    /// <summary>Keeps the first <paramref name="count"/> channels only.</summary>
    T KeepChannels(T x, int count);

    /// <summary>(N,C) → (N,C,1,1) or (N,C,1,1,1): one value for all of a channel's space.</summary>
    T OverSpace(T x);

    /// <summary>Divides by <paramref name="divisor"/> (broadcast), and by 1 where it is 0.</summary>
    T DivideUnlessZero(T x, T divisor);

    /// <summary>(N,1,1,1) or (N,1,1,1,1): the largest value of each sample.</summary>
    T MaxOfSample(T like);

    /// <summary>(N,1,H,W) or (N,1,H,W,D): the sum over channels.</summary>
    T SumOfChannels(T like);
}
