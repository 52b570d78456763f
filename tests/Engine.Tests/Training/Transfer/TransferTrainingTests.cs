using System.Text.Json.Nodes;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Runtime;
using Xunit;
using static TorchSharp.torch;

namespace MedSeg.Engine.Tests.Training.Transfer;

/// <summary>Whole trainings that begin with another model.</summary>
[Collection(TorchGlobalState.Name)]
public sealed class TransferTrainingTests(PhantomRun phantom) : IClassFixture<PhantomRun>
{
    [Fact]
    public void A_training_goes_on_from_a_packaged_model_and_says_so()
    {
        SegModel old = phantom.Train(phantom.NewFolder());
        SegModel model = phantom.Train(phantom.NewFolder(), config: Config(old.Path), seed: 9);
        JsonNode record = JsonNode.Parse(File.ReadAllText(Path.Combine(model.Path, "manifest.json")))!["training"]!["transfer"]!;
        Assert.Equal(old.Path, (string?)record["source"]);
        Assert.Equal(Sha256.OfFile(Weights(old)), (string?)record["sha256"]);
        Assert.Equal((21, 0, 10), (record["taken"]!.AsArray().Count, record["fresh"]!.AsArray().Count, record["frozen"]!.AsArray().Count));
        string[] frozen = [.. record["frozen"]!.AsArray().Select(n => (string)n!)];

        Dictionary<string, Tensor> before = Safetensors.Read(Weights(old)), after = Safetensors.Read(Weights(model));
        foreach (var (name, value) in before)
            Assert.Equal(frozen.Any(layer => name.StartsWith(layer + ".", StringComparison.Ordinal)), value.equal(after[name]).all().item<bool>());
        foreach (Tensor tensor in before.Values.Concat(after.Values)) tensor.Dispose();
    }

    [Fact]
    public void Where_every_layer_is_frozen_the_model_stays_what_it_was()
    {
        SegModel old = phantom.Train(phantom.NewFolder());
        SegModel model = phantom.Train(phantom.NewFolder(), config: Config(Weights(old), c => c.TrainingParameters.TransferLearning.RetrainFraction = 0));
        Assert.Equal(Sha256.OfFile(Weights(old)), Sha256.OfFile(Weights(model)));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void An_interrupted_training_ends_with_the_same_bytes_even_when_the_model_is_gone(int batches)
    {
        SegModel old = phantom.Train(phantom.NewFolder());
        SegConfig config = Config(Weights(old), c =>
        {
            c.TrainingParameters.MixupAlpha = 0.4;
            c.TrainingParameters.EmaDecay = 0.9;
        });
        string straight = phantom.Train(phantom.NewFolder(), config: config).Sha256, folder = phantom.NewFolder();
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => phantom.Train(folder, config: config, ct: stop.Token, batchDone: position =>
        {
            if (position.Steps >= batches) stop.Cancel();
        }));
        File.Delete(Weights(old));
        Assert.Equal(straight, phantom.Train(folder, resume: true, config: config).Sha256);
    }

    [Fact]
    public void Another_model_in_its_place_is_noticed()
    {
        SegModel old = phantom.Train(phantom.NewFolder()), other = phantom.Train(phantom.NewFolder(), seed: 8);
        SegConfig config = Config(Weights(old));
        string folder = phantom.NewFolder();
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => phantom.Train(folder, config: config, ct: stop.Token, batchDone: _ => stop.Cancel()));
        File.Copy(Weights(other), Weights(old), overwrite: true);
        SegException error = Assert.Throws<SegException>(() => phantom.Train(folder, resume: true, config: config));
        Assert.Equal("ResumeMismatch", error.ErrorId);
        Assert.Contains("training_parameters.transfer_learning.retrain_sha256: ", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<SegException>(() => phantom.Train(folder, resume: true, config: config, force: true));
        Assert.Contains("cannot begin from another model, also not with -Force", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<SegException>(() => phantom.Train(folder, resume: true, force: true));
        Assert.Contains("cannot begin from another model, also not with -Force", error.Message, StringComparison.Ordinal);
    }

    private static string Weights(SegModel model) => Path.Combine(model.Path, model.Name + ".safetensors");

    private static SegConfig Config(string model, Action<SegConfig>? change = null) => PhantomRun.Config(config =>
    {
        config.TrainingParameters.TransferLearning.RetrainModel = model;
        config.TrainingParameters.TransferLearning.RetrainFraction = 0.5;
        change?.Invoke(config);
    });
}
