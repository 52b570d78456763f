using MedSeg.Engine.Configuration.Checks;
using MedSeg.Engine.Networks;
using Xunit;

namespace MedSeg.Engine.Tests.Networks;

public class NetworkRegistryTests
{
    [Fact]
    public void Builds_the_configured_network()
    {
        var config = new SegConfig { DefaultModel = new() { Depth = 2, NFilters = 4, FinalActivation = "softmax" } };
        using var network = NetworkRegistry.Create(config, new NetworkShape(3, 2), seed: 1);
        Assert.Equal((3, 2, 4), (network.InChannels, network.Classes, network.MinimumSize));
        Assert.Equal(3, network.named_parameters().Last().parameter.numel());
    }

    [Theory]
    [InlineData("HeMISUnet", "HemisContrasts")]
    [InlineData("unet", "NetworkUnknown")]
    public void Other_names_are_errors(string name, string errorId)
    {
        var config = new SegConfig { DefaultModel = new() { Name = name } };
        Assert.Equal(errorId, Assert.Throws<SegException>(() => NetworkRegistry.Create(config, new NetworkShape(1, 1))).ErrorId);
    }

    [Theory]
    [InlineData("resnet18", NetworkTask.Classification)]
    [InlineData("resnet34", NetworkTask.Classification)]
    [InlineData("resnet50", NetworkTask.Classification)]
    [InlineData("densenet121", NetworkTask.Classification)]
    [InlineData("Countception", NetworkTask.Segmentation)]
    public void Flat_networks_take_slices_only(string name, NetworkTask task)
    {
        var config = new SegConfig { DefaultModel = new() { Name = name } };
        using var network = NetworkRegistry.Create(config, new NetworkShape(1, 2));
        Assert.Equal((1, 2, task), (network.InChannels, network.Classes, network.Task));
        Assert.Empty(network.Inputs);
        var facts = new ConfigFacts(config);
        Assert.Equal((network.MinimumSize, true, task == NetworkTask.Classification), (facts.LeastSide, facts.IsFlat, facts.IsClassification));
        config.DefaultModel.Is2D = false;
        Assert.Equal("NetworkIs2D", Assert.Throws<SegException>(() => NetworkRegistry.Create(config, new NetworkShape(1, 2))).ErrorId);
    }

    [Fact]
    public void Encoders_are_named_by_contrast()
    {
        var config = new SegConfig { DefaultModel = new() { Depth = 1, NFilters = 2 }, HemisUnet = new() { Applied = true, Contrasts = ["T1w", "T2w"] } };
        using var network = NetworkRegistry.Build(config, new NetworkShape(2, 1));
        Assert.Equal([new NetworkInput("available", 2)], network.Inputs);
        Assert.Contains(network.named_parameters(), p => p.name == "Encoder_mod.Encoder_T2w.conv_bottom.conv1.weight");
    }

    [Fact]
    public void An_unknown_activation_is_an_error()
    {
        var unknown = new SegConfig { DefaultModel = new() { FinalActivation = "tanh" } };
        Assert.Equal("ActivationUnknown", Assert.Throws<SegException>(() => NetworkRegistry.Create(unknown, new NetworkShape(1, 1))).ErrorId);
    }

    [Fact]
    public void A_network_in_three_dimensions_is_one_of_volumes()
    {
        var config = new SegConfig { DefaultModel = new() { Depth = 2, NFilters = 4, Is2D = false } };
        using var network = NetworkRegistry.Create(config, new NetworkShape(1, 2), seed: 1);
        Assert.Equal(new InputSizes(3, 4, 1), network.Sizes);
    }

    [Theory]
    [InlineData("Modified3DUNet")]
    [InlineData("UNet3D")]
    public void The_network_of_volumes_has_two_names(string name)
    {
        var config = new SegConfig { DefaultModel = new() { Name = name, Depth = 2 }, Modified3DUnet = new() { NFilters = 2, Attention = true } };
        using var network = Assert.IsType<Modified3DUnet>(NetworkRegistry.Create(config, new NetworkShape(2, 1), seed: 1));
        Assert.Equal((2, 1, new InputSizes(3, 16, 16)), (network.InChannels, network.Classes, network.Sizes));
        Assert.Contains(network.named_parameters(), p => p.name == "gating.conv1.0.weight");
    }

    [Fact]
    public void Film_modulates_whichever_network_is_configured()
    {
        var config = new SegConfig { DefaultModel = new() { Depth = 1, NFilters = 2 }, FilmedUnet = new() { Applied = true, FilmLayers = [0, 1, 0, 0] } };
        using var flat = NetworkRegistry.Build(config, new NetworkShape(1, 1, Metadata: 3));
        Assert.Equal([new NetworkInput("metadata", 3)], flat.Inputs);
        Assert.Contains(flat.named_parameters(), p => p.name == "encoder.film_bottom.generator.linear1.weight");
        config.Modified3DUnet = new() { Applied = true, NFilters = 2 };
        config.FilmedUnet.FilmLayers = [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1];
        using var volume = NetworkRegistry.Build(config, new NetworkShape(1, 1, Metadata: 4));
        Assert.Equal([new NetworkInput("metadata", 4)], volume.Inputs);
        Assert.Contains(volume.named_parameters(), p => p.name == "film_layer10.generator.linear1.weight");
    }

    [Fact]
    public void Specifications_list_what_is_supported()
    {
        Assert.True(NetworkRegistry.Specs.Single(s => s.Name == "Unet").Supported);
        Assert.True(NetworkRegistry.Specs.Single(s => s.Name == "Modified3DUNet").Supported);
    }
}
