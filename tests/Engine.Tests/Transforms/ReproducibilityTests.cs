using System.Globalization;
using MedSeg.Engine.Runtime;
using MedSeg.Engine.Transforms;
using Xunit;

namespace MedSeg.Engine.Tests.Transforms;

/// <summary>
/// The same seed gives the same samples on every machine: figures of one machine, held on all others. Set DOTNET_EnableAVX512=0,
/// DOTNET_EnableAVX2=0 or DOTNET_EnableHWIntrinsic=0 to run them as on a processor without these instructions.
/// </summary>
public sealed class ReproducibilityTests
{
    private static readonly Dictionary<string, (string Key, object? Value)[]> s_chain = new()
    {
        ["NormalizeInstance"] = [],
        ["RandomReverse"] = [],
        ["RandomShiftIntensity"] = [("shift_range", new[] { -1.0, 1.0 }), ("prob", 1.0)],
        ["AdditiveGaussianNoise"] = [("std", 0.1)],
        ["HistogramClipping"] = [],
        ["Clahe"] = [("clip_limit", 0.1), ("kernel_size", new[] { 8, 8, 4 })],
        ["DilateGT"] = [("dilation_factor", 0.7)],
        ["Resample"] = [("hspace", 0.75), ("wspace", 0.8), ("dspace", 0.9)],
        ["RandomAffine"] = [("degrees", 20.0), ("scale", new[] { 0.1, 0.1, 0.1 }), ("translate", new[] { 0.1, 0.1, 0.1 })],
        ["ElasticTransform"] = [("alpha_range", new[] { 20.0, 30.0 }), ("sigma_range", new[] { 3.0, 4.0 }), ("p", 1.0)],
        ["RandomGamma"] = [("log_gamma_range", new[] { -0.3, 0.3 }), ("p", 1.0)],
        ["RandomBiasField"] = [("coefficients", 0.5), ("order", 3L), ("p", 1.0)],
        ["RandomBlur"] = [("sigma_range", new[] { 0.5, 1.5 }), ("p", 1.0)],
    };

    /// <summary>These use nothing but operations that IEEE 754 fixes to the last bit.</summary>
    [Theory]
    [InlineData("NormalizeInstance", "F4293B98D96F03AC", "8F94450BF27D829C")]
    [InlineData("RandomReverse", "A29FD449C591BBD1", "7497D480F25A26AA")]
    [InlineData("RandomShiftIntensity", "049B4674F82302DC", "14A00E2124B770B8")]
    [InlineData("AdditiveGaussianNoise", "4D0D7B1CC678EEC1", "A6DBDB4A056F712E")]
    [InlineData("HistogramClipping", "94CAF0C36E5E9825", "E9895E76FE977627")]
    [InlineData("Clahe", "DAB571026DAD91D8", "0422CF835F30D44D")]
    [InlineData("DilateGT", "0F8B518F87754154", "7FFC065D58D0E26A")]
    public void Bits_are_the_same_everywhere(string name, string slice, string volume)
    {
        Assert.Equal(slice, Digest(Run(name, new(61, 53))));
        Assert.Equal(volume, Digest(Run(name, new(23, 27, 9))));
    }

    /// <summary>
    /// These also use sines, powers or exponentials, which differ in their last bit between C libraries and between processors with
    /// and without fused multiplication.
    /// </summary>
    [Theory]
    [InlineData("Resample", 1.37134786e+08, 2.71155902e+08)]
    [InlineData("RandomAffine", 6.97708812e+07, 9.38902310e+07)]
    [InlineData("ElasticTransform", 8.25046468e+07, 1.43374842e+08)]
    [InlineData("RandomGamma", 1.96616333e+08, 3.41630553e+08)]
    [InlineData("RandomBiasField", 1.04265276e+08, 1.56823599e+08)]
    [InlineData("RandomBlur", 8.25942282e+07, 1.43415812e+08)]
    public void Values_are_the_same_up_to_rounding(string name, double slice, double volume)
    {
        Assert.Equal(1, WeightedSum(Run(name, new(61, 53))) / slice, 1e-6);
        Assert.Equal(1, WeightedSum(Run(name, new(23, 27, 9))) / volume, 1e-6);
    }

    /// <summary>Applies one draw to a noisy image, or to a label of objects for DilateGT.</summary>
    private static float[] Run(string name, GridSize size)
    {
        var kind = name == "DilateGT" ? SampleKinds.Label : SampleKinds.Image;
        var image = TransformBuilder.Noise(size.Count, 3).Select((x, i) => 500 + (100 * x) + (i % 50)).ToArray();
        var drawn = TransformBuilder.Create(name, s_chain[name]).Draw(TransformBuilder.Sample(size), new RandomStream(11, 2));
        return drawn.Apply(kind == SampleKinds.Label ? Array.ConvertAll(image, x => x > 595 ? 1f : 0f) : image, kind);
    }

    /// <summary>64-bit FNV-1a over the bits of the values.</summary>
    private static string Digest(float[] values)
    {
        var hash = 14695981039346656037UL;
        foreach (var value in values)
            hash = unchecked((hash ^ BitConverter.SingleToUInt32Bits(value)) * 1099511628211UL);
        return hash.ToString("X16", CultureInfo.InvariantCulture);
    }

    private static double WeightedSum(float[] values) => values.Select((value, i) => value * (1.0 + (i % 97))).Sum();
}
