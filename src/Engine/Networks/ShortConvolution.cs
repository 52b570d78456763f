using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedSeg.Engine.Networks;

/// <summary>Convolutions of a float32 layer in bfloat16 or float16. TorchSharp has no autocast; gradients come back to the layer in float32.</summary>
internal static class ShortConvolution
{
    /// <param name="x">(N,C,H,W) or (N,C,H,W,D) of any type; not changed.</param>
    /// <param name="layer">Its weights are not changed.</param>
    /// <param name="type">To compute in.</param>
    /// <returns>Of that type; float32 where the image is smaller than the kernel.</returns>
    /// <remarks>
    /// libtorch 2.10 on AVX512_BF16 gives weights of such convolutions gradients of memory that nothing has written (1e32, NaN); they
    /// are too small to matter for speed.
    /// </remarks>
    public static Tensor Apply(Tensor x, Convolution layer, ScalarType type)
    {
        Tensor weight = layer.weight!;
        long[] sides = x.shape[2..], kernel = weight.shape[2..];
        if (sides.Zip(kernel).Any(axis => axis.First < axis.Second)) type = ScalarType.Float32;
        using Tensor? input = Cast(x, type), shortWeight = Cast(weight, type), bias = layer.bias is null ? null : Cast(layer.bias, type);
        return sides.Length == 2
            ? nn.functional.conv2d(input ?? x, shortWeight ?? weight, bias ?? layer.bias, layer.stride, layer.padding!, layer.dilation, layer.groups)
            : nn.functional.conv3d(input ?? x, shortWeight ?? weight, bias ?? layer.bias, layer.stride, layer.padding!, layer.dilation, layer.groups);
    }

    private static Tensor? Cast(Tensor x, ScalarType type) => x.dtype == type ? null : x.to(type);
}
