using MedSeg.Benchmarks.Ratios;
using static TorchSharp.torch;

namespace MedSeg.Benchmarks.Steps;

/// <summary>The fastest that libtorch computes here: the better of a large matrix product and a large convolution.</summary>
internal static class MachinePeak
{
    private const int Rounds = 9;
    private const int Side = 1536;
    private const int Samples = 8, Channels = 128, Image = 48, Kernel = 3;

    /// <summary>Additions and multiplications per second.</summary>
    public static (double Product, double Convolution) Measure(ScalarType type)
    {
        using var scope = NewDisposeScope();
        Tensor a = randn(Side, Side).to(type), b = randn(Side, Side).to(type);
        Tensor image = randn(Samples, Image, Image, Channels).permute(0, 3, 1, 2).to(type), weight = randn(Channels, Channels, Kernel, Kernel).to(type);
        double[] times = Interleaved.Medians(
            Rounds,
            () => mm(a, b).Dispose(),
            () => nn.functional.conv2d(image, weight, padding: [1L, 1L]).Dispose());
        const double Product = 2.0 * Side * Side * Side, Convolution = 2.0 * Samples * Image * Image * Channels * Channels * Kernel * Kernel;
        return (Product / times[0] * 1000, Convolution / times[1] * 1000);
    }
}
