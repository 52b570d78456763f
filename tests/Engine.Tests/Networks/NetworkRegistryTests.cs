using MedSeg.Engine.Networks;
using Xunit;

namespace MedSeg.Engine.Tests.Networks;

public class NetworkRegistryTests
{
    [Fact]
    public void Builds_the_configured_network()
    {
        var config = new SegConfig { DefaultModel = new() { Depth = 2, NFilters = 4, FinalActivation = "softmax" } };
        using var network = NetworkRegistry.Create(config, 3, 2, seed: 1);
        Assert.Equal((3, 2, 4), (network.InChannels, network.Classes, network.MinimumSize));
        Assert.Equal(3, network.named_parameters().Last().parameter.numel());
    }

    [Theory]
    [InlineData("Countception", "NotSupportedYet")]
    [InlineData("unet", "NetworkUnknown")]
    public void Other_names_are_errors(string name, string errorId)
    {
        var config = new SegConfig { DefaultModel = new() { Name = name } };
        Assert.Equal(errorId, Assert.Throws<SegException>(() => NetworkRegistry.Create(config, 1, 1)).ErrorId);
    }

    [Fact]
    public void Settings_that_come_later_are_errors_when_used()
    {
        var three = new SegConfig { DefaultModel = new() { Is2D = false } };
        Assert.Equal("NotSupportedYet", Assert.Throws<SegException>(() => NetworkRegistry.Create(three, 1, 1)).ErrorId);
        var film = new SegConfig { FilmedUnet = new() { Applied = true } };
        Assert.Equal("NotSupportedYet", Assert.Throws<SegException>(() => NetworkRegistry.Create(film, 1, 1)).ErrorId);
        var unknown = new SegConfig { DefaultModel = new() { FinalActivation = "tanh" } };
        Assert.Equal("ActivationUnknown", Assert.Throws<SegException>(() => NetworkRegistry.Create(unknown, 1, 1)).ErrorId);
    }

    [Fact]
    public void A_network_in_three_dimensions_is_built_but_not_trained_yet()
    {
        var config = new SegConfig { DefaultModel = new() { Depth = 2, NFilters = 4, Is2D = false } };
        using var network = NetworkRegistry.Build(config, new NetworkShape(1, 2), seed: 1);
        Assert.Equal((3, 4, 1), (network.Dimensions, network.MinimumSize, network.SizeMultiple));
        Assert.Equal("NotSupportedYet", Assert.Throws<SegException>(() => NetworkRegistry.Create(config, 1, 2)).ErrorId);
    }

    [Fact]
    public void Specifications_list_what_is_built_and_what_is_not()
    {
        Assert.True(NetworkRegistry.Specs.Single(s => s.Name == "Unet").Supported);
        Assert.False(NetworkRegistry.Specs.Single(s => s.Name == "Modified3DUNet").Supported);
    }
}
