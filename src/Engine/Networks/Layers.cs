using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedSeg.Engine.Networks;

/// <summary>Layers in two or three dimensions.</summary>
internal static class Layers
{
    /// <summary>A convolution with the same kernel, stride and padding along every axis.</summary>
    public static Convolution Convolution(
        int dimensions, int inChannels, int outChannels, int kernel, int stride = 1, int padding = 0, bool bias = true) => dimensions == 2
        ? nn.Conv2d(inChannels, outChannels, kernel, stride: stride, padding: padding, bias: bias)
        : nn.Conv3d(inChannels, outChannels, kernel, stride: stride, padding: padding, bias: bias);
}

/// <summary>Normalisation of each channel of each sample on its own.</summary>
internal static class InstanceNormalization
{
    /// <summary>Added to the variance.</summary>
    public const double Epsilon = 1e-5;
}
