using MedSeg.Engine.Networks;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Training.Transfer;
using Xunit;

namespace MedSeg.Engine.Tests.Training.Transfer;

[Collection(TorchGlobalState.Name)]
public class FrozenLayerTests
{
    [SharedTheory]
    [InlineData("retrain.1.0.1")]
    [InlineData("retrain.1.0.0")]
    [InlineData("retrain.0.9.1")]
    [InlineData("retrain.0.9.0")]
    [InlineData("retrain.0.5.1")]
    [InlineData("retrain.0.5.0")]
    [InlineData("retrain.0.3.1")]
    [InlineData("retrain.0.3.0")]
    [InlineData("retrain.0.25.1")]
    [InlineData("retrain.0.25.0")]
    [InlineData("retrain.0.1.1")]
    [InlineData("retrain.0.1.0")]
    [InlineData("retrain.0.0.1")]
    [InlineData("retrain.0.0.0")]
    public void The_reference_freezes_and_resets_the_same_layers(string name)
    {
        GoldenCase golden = Golden.Load("training").Of("set_model_for_retrain").Single(c => c.Name == name);
        double fraction = golden.Parameters.GetProperty("retrain_fraction").GetDouble();
        using var network = new Unet(new UnetOptions(1, 1, Depth: 2, Filters: 4));
        IReadOnlyList<NetworkLayer> layers = NetworkLayer.Of(network);
        Assert.Equal(golden.Parameters.GetProperty("layers").EnumerateArray().Select(e => e.GetString()), layers.Select(l => l.Name));
        FrozenLayers.Freeze(network, fraction, []);
        string[] frozen = [.. network.named_parameters().Where(p => !p.parameter.requires_grad).Select(p => p.name)];
        string[] trained = [.. network.named_parameters().Where(p => p.parameter.requires_grad).Select(p => p.name)];
        if (fraction == 0)
        {
            Assert.Empty(trained); // D-61: the reference ends in an index error.
            return;
        }

        Assert.Equal(Texts("frozen"), frozen);
        if (golden.Parameters.GetProperty("reset").GetBoolean()) Assert.Equal(Texts("reset"), trained);

        string?[] Texts(string key) => [.. golden.Json.GetProperty("out").GetProperty(key).EnumerateArray().Select(e => e.GetString())];
    }

    /// <summary>D-61: there each of these fractions meets a layer without parameters and freezes everything.</summary>
    [Theory]
    [InlineData(0.25)]
    [InlineData(0.3)]
    [InlineData(0.35)]
    [InlineData(0.55)]
    [InlineData(0.6)]
    [InlineData(0.8)]
    [InlineData(0.85)]
    [InlineData(0.9)]
    public void Layers_without_parameters_do_not_count(double fraction)
    {
        using var network = new Modified3DUnet(new Modified3DUnetOptions(1, 1, 2));
        int layers = NetworkLayer.Of(network).Count;
        int frozen = FrozenLayers.Freeze(network, fraction, []).Count;
        Assert.Equal((int)Math.Round(layers * (1 - fraction), MidpointRounding.ToEven), frozen);
        Assert.InRange(frozen, 1, layers - 1);
    }

    [Theory]
    [InlineData(21, 0.5, 10)]
    [InlineData(23, 0.5, 12)]
    [InlineData(21, 0, 21)]
    [InlineData(21, 1, 0)]
    public void Halves_go_to_the_even_number(int layers, double fraction, int frozen) => Assert.Equal(frozen, NetworkLayer.FrozenCount(layers, fraction));

    [Theory]
    [InlineData("AdamW", 0.5)]
    [InlineData("SGD", 0.5)]
    [InlineData("AdamW", 0)]
    public void What_is_frozen_keeps_its_bits(string optimizer, double fraction)
    {
        IReadOnlyList<string> frozen = [];
        using var fixture = new SessionFixture(
            update: new(new ComponentConfig(optimizer, new Dictionary<string, object?> { ["weight_decay"] = 0.1 }), 0.5, 2, 0.9),
            prepare: network => frozen = FrozenLayers.Freeze(network, fraction, []));
        Dictionary<string, byte[]> before = Bytes(fixture);
        fixture.Run();
        fixture.Session.LoadBest();
        foreach (var (name, bytes) in Bytes(fixture))
        {
            bool still = frozen.Any(layer => name.StartsWith(layer + ".", StringComparison.Ordinal));
            Assert.True(before[name].SequenceEqual(bytes) == still, $"{name} {(still ? "changed" : "did not change")}");
        }
    }

    [Fact]
    public void Layers_that_begin_anew_are_trained_wherever_they_are()
    {
        using var network = new Unet(new UnetOptions(1, 1, Depth: 2, Filters: 4));
        IReadOnlyList<string> frozen = FrozenLayers.Freeze(network, 0, ["encoder.down_path.0.conv1"]);
        Assert.Equal(20, frozen.Count);
        Assert.Equal(2, network.named_parameters().Count(p => p.parameter.requires_grad));
    }

    private static Dictionary<string, byte[]> Bytes(SessionFixture fixture) =>
        Safetensors.StateOf(fixture.Network).ToDictionary(t => t.Name, t => t.Value.detach().contiguous().bytes.ToArray());
}
