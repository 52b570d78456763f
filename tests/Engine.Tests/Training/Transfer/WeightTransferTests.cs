using MedSeg.Engine.Networks;
using MedSeg.Engine.Packaging;
using MedSeg.Engine.Training.Transfer;
using Xunit;
using static TorchSharp.torch;

namespace MedSeg.Engine.Tests.Training.Transfer;

/// <summary>Weights of one network in another.</summary>
public sealed class WeightTransferTests : IDisposable
{
    private readonly Unet _from = new(new UnetOptions(1, 1, Depth: 2, Filters: 4), 1);
    private readonly RecordingObserver _observer = new();

    [Fact]
    public void All_layers_are_taken_also_below_a_prefix()
    {
        using var to = new Unet(new UnetOptions(1, 1, Depth: 2, Filters: 4), 2);
        TransferRecord record = Apply(to, new(), State().ToDictionary(t => "module." + t.Key, t => t.Value));
        Assert.Equal((21, 0, 0), (record.Taken.Count, record.Fresh.Count, record.Frozen.Count));
        Assert.Empty(_observer.Warnings);
        AssertSame(to, _ => true);
    }

    [Theory]
    [InlineData(1, 3, "decoder.last_conv", "'decoder.last_conv.weight' is [1,4,1,1], here [3,4,1,1]")]
    [InlineData(2, 1, "encoder.down_path.0.conv1", "'encoder.down_path.0.conv1.weight' is [4,1,3,3], here [4,2,3,3]")]
    public void Other_classes_or_channels_leave_one_layer_fresh_and_trained(int channels, int classes, string layer, string warning)
    {
        using var to = new Unet(new UnetOptions(channels, classes, Depth: 2, Filters: 4), 2);
        if (classes > 1) warning = warning.Replace("[1,4,1,1], here [3,4,1,1]", Shapes(to), StringComparison.Ordinal);
        TransferRecord record = Apply(to, new() { RetrainFraction = 0 }, State());
        Assert.Equal([layer], record.Fresh);
        Assert.Equal(20, record.Frozen.Count);
        Assert.Contains(warning, Assert.Single(_observer.Warnings), StringComparison.Ordinal);
        AssertSame(to, name => !name.StartsWith(layer + ".", StringComparison.Ordinal));
        Assert.All(to.named_parameters(), p => Assert.Equal(p.name.StartsWith(layer + ".", StringComparison.Ordinal), p.parameter.requires_grad));
    }

    [Fact]
    public void Reset_takes_only_what_is_frozen()
    {
        using var to = new Unet(new UnetOptions(1, 1, Depth: 2, Filters: 4), 2);
        TransferRecord record = Apply(to, new() { RetrainFraction = 0.5, Reset = true }, State());
        Assert.Equal(10, record.Frozen.Count);
        Assert.Equal(record.Frozen, record.Taken);
        AssertSame(to, name => record.Frozen.Any(layer => name.StartsWith(layer + ".", StringComparison.Ordinal)));
    }

    [Fact]
    public void Another_network_is_refused_with_names_and_shapes()
    {
        using var to = new Unet(new UnetOptions(1, 1, Depth: 2, Filters: 8), 2);
        Tensor[] before = [.. Safetensors.StateOf(to).Select(t => t.Value.clone())];
        SegException error = Assert.Throws<SegException>(() => Apply(to, new(), State()));
        Assert.Equal("TransferMismatch", error.ErrorId);
        Assert.Contains("21 of 21 layers do not fit: 'encoder.down_path.0.conv1.weight' is [4,1,3,3], here [8,1,3,3];", error.Message, StringComparison.Ordinal);
        Assert.Contains("and 11 more", error.Message, StringComparison.Ordinal);
        Assert.All(before.Zip(Safetensors.StateOf(to)), pair => Assert.True(pair.First.Equals(pair.Second.Value)));
        error = Assert.Throws<SegException>(() => Apply(to, new(), new Dictionary<string, Tensor>()));
        Assert.Contains("'encoder.down_path.0.conv1.weight' [8,1,3,3] is missing", error.Message, StringComparison.Ordinal);
        foreach (Tensor tensor in before) tensor.Dispose();
    }

    [Fact]
    public void Spoilt_weights_are_refused()
    {
        using var to = new Unet(new UnetOptions(1, 1, Depth: 2, Filters: 4), 2);
        using (no_grad()) _from.get_parameter("decoder.last_conv.bias")!.fill_(float.NaN);
        SegException error = Assert.Throws<SegException>(() => Apply(to, new(), State()));
        Assert.Equal("TransferNotFinite", error.ErrorId);
        Assert.Contains("'decoder.last_conv.bias'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_that_float32_does_not_hold_are_refused()
    {
        using var to = new Unet(new UnetOptions(1, 1, Depth: 2, Filters: 4), 2);
        using Tensor large = full_like(_from.get_parameter("decoder.last_conv.bias")!, 1e300, dtype: ScalarType.Float64);
        Dictionary<string, Tensor> weights = State();
        weights["decoder.last_conv.bias"] = large;
        Assert.Equal("TransferNotFinite", Assert.Throws<SegException>(() => Apply(to, new(), weights)).ErrorId);
    }

    /// <summary>Quantised weights mean nothing without their scale.</summary>
    [Fact]
    public void Layers_of_whole_numbers_are_not_taken()
    {
        using var to = new Unet(new UnetOptions(1, 1, Depth: 2, Filters: 4), 2);
        using Tensor quantised = full_like(_from.get_parameter("decoder.last_conv.weight")!, 100, dtype: ScalarType.Int8);
        Dictionary<string, Tensor> weights = State();
        weights["decoder.last_conv.weight"] = quantised;
        Assert.Equal(["decoder.last_conv"], Apply(to, new(), weights).Fresh);
        Assert.Contains("'decoder.last_conv.weight' holds whole numbers", Assert.Single(_observer.Warnings), StringComparison.Ordinal);
    }

    public void Dispose() => _from.Dispose();

    private Dictionary<string, Tensor> State() => Safetensors.StateOf(_from).ToDictionary(t => t.Name, t => t.Value);

    private string Shapes(Unet to) =>
        $"[{string.Join(',', _from.get_parameter("decoder.last_conv.weight")!.shape)}], here [{string.Join(',', to.get_parameter("decoder.last_conv.weight")!.shape)}]";

    private TransferRecord Apply(SegNetwork to, TransferLearningConfig settings, Dictionary<string, Tensor> weights) =>
        WeightTransfer.Apply(to, weights, settings, new TransferSource("old.safetensors", "x", "0"), _observer);

    private void AssertSame(Unet to, Func<string, bool> same)
    {
        foreach (var ((name, from), (_, value)) in Safetensors.StateOf(_from).Zip(Safetensors.StateOf(to)))
        {
            if (same(name)) Assert.True(from.Equals(value), $"{name} was not taken");
            else if (name.EndsWith("conv1.weight", StringComparison.Ordinal)) Assert.False(from.Equals(value), $"{name} was taken");
        }
    }
}
