using MedSeg.Engine.Networks;
using MedSeg.Engine.Onnx;
using MedSeg.Engine.Runtime;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Training.Transfer;
using Xunit;
using static TorchSharp.torch;

namespace MedSeg.Engine.Tests.Training.Transfer;

/// <summary>Files of weights, good and hostile.</summary>
public sealed class TransferSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Unet _network = new(new UnetOptions(1, 2, Depth: 1, Filters: 2), 3);
    private readonly RecordingObserver _observer = new();

    [Theory]
    [InlineData("w.safetensors")]
    [InlineData("w.onnx")]
    public void Weights_come_back_by_their_names(string name)
    {
        Write(name);
        TransferSource source = Of(name)!;
        Dictionary<string, Tensor> weights = source.Read();
        foreach (NetworkLayer layer in NetworkLayer.Of(_network))
            Assert.All(layer.Needed, t => Assert.True(weights[t.Name].equal(t.Value).all().item<bool>(), t.Name));
        foreach (Tensor tensor in weights.Values) tensor.Dispose();
        Assert.Equal(Sha256.OfFile(_folder.File(name)), source.Sha256);

        File.AppendAllText(_folder.File(name), "x");
        Assert.Equal("TransferChanged", Assert.Throws<SegException>(source.Read).ErrorId);
    }

    /// <summary>A model that the reference exported with PyTorch, its running statistics included.</summary>
    [SharedFact]
    public void Exports_of_PyTorch_have_the_same_names()
    {
        const string name = "model_seg_rat_axon-myelin_sem";
        string path = SharedFolder.File("golden", "packaged", "sem-2class", name, name + ".onnx");
        Dictionary<string, Tensor> weights = Of(path)!.Read();
        using var network = new Unet(new UnetOptions(1, 2, Depth: 2, Filters: 4));
        Assert.Equal(NetworkLayer.Of(network).Count, WeightTransfer.Apply(network, weights, new(), new(name, path, "0"), _observer).Taken.Count);
        Assert.Empty(_observer.Warnings);
        foreach (Tensor tensor in weights.Values) tensor.Dispose();
    }

    [Theory]
    [InlineData("best_model.pt", "Python pickle")]
    [InlineData("checkpoint.pth", "Python pickle")]
    [InlineData("weights.h5", "neither a packaged model")]
    public void Formats_that_are_not_read_say_how_to_convert(string name, string says)
    {
        File.WriteAllText(_folder.File(name), "x");
        SegException error = Assert.Throws<SegException>(() => Of(name));
        Assert.Equal("TransferFormat", error.ErrorId);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Contains("safetensors.torch.save_file", error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_an_error_unless_a_run_is_continued()
    {
        Assert.Equal("FileNotFound", Assert.Throws<SegException>(() => Of("no.onnx")).ErrorId);
        Assert.Equal(new TransferSource("no.onnx", null, null), Of("no.onnx", resume: true));
        Assert.Null(Of(null));
    }

    [Fact]
    public void Any_damage_to_an_onnx_file_is_an_error_or_harmless()
    {
        byte[] whole = Write("w.onnx");
        var random = new RandomStream(5);
        int refused = 0;
        for (int i = 0; i < 400; i++)
        {
            byte[] bytes = [.. whole];
            if (i % 2 == 0) Array.Resize(ref bytes, random.Next(bytes.Length));
            else for (int k = 0; k < 3; k++) bytes[random.Next(Math.Min(bytes.Length, 600))] = (byte)random.Next(256);
            try
            {
                foreach (Tensor tensor in OnnxInitializers.Read(bytes, "w.onnx").Values) tensor.Dispose();
            }
            catch (SegException error)
            {
                Assert.True(error.ErrorId is "OnnxModelInvalid" or "OnnxExternalData", error.ErrorId);
                refused++;
            }
        }

        Assert.InRange(refused, 200, 400);
    }

    [Fact]
    public void Sizes_that_a_file_claims_allocate_nothing()
    {
        ProtoMessage Tensor() => new ProtoMessage().Integer(2, 1).Text(8, "w");
        Assert.Contains("does not fit its 4 bytes", Refused(Tensor().Integer(1, int.MaxValue).Integer(1, int.MaxValue).Bytes(9, new byte[4])), StringComparison.Ordinal);
        Assert.Contains("impossible shape", Refused(Tensor().Integer(1, -1)), StringComparison.Ordinal);
        Assert.Contains("another file", Refused(Tensor().Integer(1, 1).Message(13, new ProtoMessage().Text(1, "location").Text(2, "../../etc/passwd"))), StringComparison.Ordinal);
        Assert.Contains("no weights", Refused(Tensor().Integer(2, 8).Integer(1, 1)), StringComparison.Ordinal);
    }

    /// <summary>Shapes and other small constants beside the weights, whose numbers many programs write one by one.</summary>
    [Fact]
    public void Constants_in_typed_fields_do_not_hide_the_weights()
    {
        ProtoMessage weights = new ProtoMessage().Integer(1, 1).Integer(2, 1).Text(8, "w").Bytes(9, BitConverter.GetBytes(2.5f));
        ProtoMessage packed = new ProtoMessage().Integer(1, 2).Integer(2, 7).Text(8, "shape").Bytes(7, new byte[] { 1, 4 });
        ProtoMessage single = new ProtoMessage().Integer(1, 1).Integer(2, 7).Text(8, "axis").Integer(7, 1);
        byte[] file = new ProtoMessage().Message(7, new ProtoMessage().Message(5, packed).Message(5, weights).Message(5, single)).ToArray();
        Dictionary<string, Tensor> read = OnnxInitializers.Read(file, "w.onnx");
        Assert.Equal(2.5f, Assert.Single(read).Value.item<float>());
        read["w"].Dispose();
    }

    public void Dispose()
    {
        _network.Dispose();
        _folder.Dispose();
    }

    private static string Refused(ProtoMessage tensor)
    {
        byte[] file = new ProtoMessage().Message(7, new ProtoMessage().Message(5, tensor)).ToArray();
        return Assert.Throws<SegException>(() => OnnxInitializers.Read(file, "w.onnx")).Message;
    }

    private byte[] Write(string name)
    {
        string path = _folder.File(name);
        if (name.EndsWith(".onnx", StringComparison.Ordinal))
            File.WriteAllBytes(path, OnnxExporter.Export(_network, new OnnxModelInfo("w", ["a", "b"], new Dictionary<string, string>())));
        else
            Safetensors.Write(path, Safetensors.StateOf(_network));
        return File.ReadAllBytes(path);
    }

    private TransferSource? Of(string? name, bool resume = false)
    {
        var config = new SegConfig { TrainingParameters = { TransferLearning = { RetrainModel = name } } };
        var request = new TrainingRequest(null!, config, _folder.File("run"), "cpu", 1, resume) { Location = _folder.Path };
        return TransferSource.Of(config, request, SegEngine.Catalog, _observer, default);
    }
}
