using System.Globalization;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Tests.Training;
using Xunit;

namespace MedSeg.Engine.Tests.Networks;

[Collection(TorchGlobalState.Name)]
public sealed class FootprintTests
{
    /// <summary>
    /// By hand, one class, depth 1, 2 filters, 4×4 pixels. Weights: first block 20+4+38+4, bottom 38+4+38+4, upper block 74+4+38+4, last
    /// convolution 19. Kept: sample, target and output 3·16, first block 4·2·16, pooled 2·4, bottom 4·2·4, joined 4·16, upper block 4·2·16.
    /// </summary>
    [Fact]
    public void A_small_network_is_counted_as_by_hand()
    {
        NetworkFootprint footprint = UnetFootprint.Of(new UnetOptions(1, 1, Depth: 1, Filters: 2), 4, 4);

        Assert.Equal(new NetworkFootprint(Weights: 289, Activations: 408, PoolingIndices: 8, Largest: 64), footprint);
        Assert.Equal((4 * 4 * 289) + (4 * 408) + (8 * 8) + (2 * 4 * 64), footprint.TrainingBytes(1));
        Assert.Equal((4 * 4 * 289) + (3 * ((4 * 408) + (8 * 8) + (2 * 4 * 64))), footprint.TrainingBytes(3));
    }

    /// <summary>Two levels: the lower decoder block joins the bottom with its own level, the upper one twice as many channels from below.</summary>
    [Fact]
    public void Channels_double_with_depth()
    {
        NetworkFootprint footprint = UnetFootprint.Of(new UnetOptions(2, 2, Depth: 2, Filters: 2), 9, 8);

        const int First = (2 * 72) + (3 * 72) + (2 * 72);
        const int Levels = (8 * 72) + (2 * 16) + (16 * 16) + (4 * 4) + (16 * 4);
        const int Decoder = (8 * 16) + (16 * 16) + (6 * 72) + (8 * 72);
        Assert.Equal(First + Levels + Decoder, footprint.Activations);
        Assert.Equal((2 * 16) + (4 * 4), footprint.PoolingIndices);
        Assert.Equal(6 * 72, footprint.Largest);
    }

    [Fact]
    public void The_largest_network_that_can_be_configured_is_counted() =>
        Assert.InRange(UnetFootprint.Of(new UnetOptions(100, 100, Depth: 8, Filters: 1024), 32768, 32768).TrainingBytes(65536), 1e18, 1e21);

    [Theory]
    [InlineData(1, 1, 3, 64)]
    [InlineData(3, 2, 2, 8)]
    [InlineData(1, 3, 4, 5)]
    [InlineData(2, 1, 1, 16)]
    public void Weights_are_those_of_the_network(int channels, int classes, int depth, int filters)
    {
        var options = new UnetOptions(channels, classes, depth, filters);
        using var network = new Unet(options);

        Assert.Equal(network.parameters().Sum(p => p.numel()), UnetFootprint.Of(options, 64, 64).Weights);
    }

    [Theory]
    [InlineData(1, 1, 3, 64)]
    [InlineData(2, 3, 2, 5)]
    public void Weights_in_three_dimensions_are_those_of_the_network(int channels, int classes, int depth, int filters)
    {
        var options = new UnetOptions(channels, classes, depth, filters, Dimensions: 3);
        using var network = new Unet(options);

        Assert.Equal(network.parameters().Sum(p => p.numel()), UnetFootprint.Of(options, 16, 16, 16).Weights);
    }

    [Theory]
    [InlineData(1, 1, 8, false)]
    [InlineData(2, 3, 3, false)]
    [InlineData(2, 3, 5, true)]
    public void Weights_of_Modified3DUnet_are_those_of_the_network(int channels, int classes, int filters, bool attention)
    {
        var options = new Modified3DUnetOptions(channels, classes, filters, attention);
        using var network = new Modified3DUnet(options);

        Assert.Equal(network.parameters().Sum(p => p.numel()), Modified3DUnetFootprint.Of(options, 32, 16, 16).Weights);
    }

    /// <summary>What the formula counts is what a process keeps, but for small tensors and pages.</summary>
    [GlibcTheory]
    [InlineData("unet-2d")]
    [InlineData("unet-3d")]
    [InlineData("Modified3DUNet")]
    [InlineData("attention")]
    public void Live_tensors_take_what_is_counted(string name)
    {
        var (network, footprint, _) = KeptMemory.Make(name);
        network.Dispose();
        using var child = ChildProgram.Start(["env", "MALLOC_MMAP_THRESHOLD_=16384", "MALLOC_TRIM_THRESHOLD_=16384"], "footprint", name);
        string output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();

        double measured = double.Parse(output, CultureInfo.InvariantCulture), counted = 2 * footprint.KeptBytes;
        Assert.InRange(measured / counted, 0.94, 1.06);
    }
}
