using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Losses;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Training;
using TorchSharp;
using Xunit;

namespace MedSeg.Engine.Tests.Training;

/// <summary>Networks that take more than images, in a session.</summary>
[Collection(TorchGlobalState.Name)]
public class MoreInputsTests
{
    [Fact]
    public void Each_sample_of_a_batch_keeps_its_own_row()
    {
        using var scope = torch.NewDisposeScope();
        SampleBatch batch = new MemorySource(2).Epoch(1, 0, default).First() with { Metadata = [1, 0, 0, 1, 0, 0], MetadataWidth = 2, Available = [1, 0, 1] };
        var (inputs, _) = BatchTensors.From(batch, torch.CPU);
        Assert.Equal([3L, 2], inputs.Metadata!.shape);
        Assert.Equal([1f, 0, 0, 1, 0, 0], inputs.Metadata.data<float>().ToArray());
        Assert.Equal([3L, 1], inputs.Available!.shape);
        Assert.Equal([1f, 0, 1], inputs.Available.data<float>().ToArray());
    }

    [Theory]
    [InlineData("encoder.film_bottom.generator.linear2.bias", "'encoder.film_bottom.generator.linear2'; its 'bias' was NaN")]
    [InlineData("encoder.down_path.0.conv1_bn.weight", "'encoder.down_path.0.conv1_bn'; its 'weight' was NaN")]
    public void A_bad_loss_is_traced_into_modulated_networks(string weight, string said)
    {
        using var network = new Unet(new UnetOptions(1, 1, 1, 2, Film: new FilmOptions(2, [false, true, false, false])));
        Spoil(network, weight);
        using TrainingSession session = Session(network, batch => batch with { Metadata = [1, 0, 0, 1, 0, 0], MetadataWidth = 2 });
        Assert.Contains(said, Assert.Throws<SegException>(() => session.RunEpoch(default)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_loss_is_traced_into_networks_of_missing_contrasts()
    {
        using var network = new HemisUnet(["T1w"], new UnetOptions(1, 1, 1, 2));
        Spoil(network, "Encoder_mod.Encoder_T1w.conv_bottom.conv2.bias");
        using TrainingSession session = Session(network, batch => batch with { Available = [1, 1, 1] });
        string said = Assert.Throws<SegException>(() => session.RunEpoch(default)).Message;
        Assert.Contains("'Encoder_mod.Encoder_T1w.conv_bottom.conv2'; its 'bias' was NaN", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_beside_the_images_can_be_what_is_bad()
    {
        using var network = new Unet(new UnetOptions(1, 1, 1, 2, Film: new FilmOptions(2, [false, true, false, false])));
        using TrainingSession session = Session(network, batch => batch with { Metadata = [1, 0, 0, float.NaN, 0, 0], MetadataWidth = 2 });
        string said = Assert.Throws<SegException>(() => session.RunEpoch(default)).Message;
        Assert.Contains("numbers of 'metadata' that go with the images hold NaN", said, StringComparison.Ordinal);
    }

    private static void Spoil(SegNetwork network, string weight)
    {
        using var guard = torch.no_grad();
        using Scalar nan = float.NaN;
        NamedTensors.Of(network).First(t => t.Name == weight).Value.fill_(nan);
    }

    private static TrainingSession Session(SegNetwork network, Func<SampleBatch, SampleBatch> more) => new(
        network, LossRegistry.Create(new ComponentConfig("DiceLoss")), new CosineAnnealing(0.01, 0, 1), new EarlyStopping(1, 0),
        new MoreSource(more), null, new SessionSettings(1, 1, torch.CPU, 0.5));

    private sealed class MoreSource(Func<SampleBatch, SampleBatch> more) : IBatchSource
    {
        public int BatchesPerEpoch => 1;

        public IEnumerable<SampleBatch> Epoch(int epoch, int firstBatch, CancellationToken ct) => new MemorySource(2).Epoch(epoch, firstBatch, ct).Take(1).Select(more);
    }
}
