using MedSeg.Engine.Networks;
using MedSeg.Engine.Onnx;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Onnx;

public sealed class OnnxSessionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _model = Model();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Carries_class_names_and_further_texts()
    {
        using var network = new Unet(new UnetOptions(1, 2, 1, 2));
        var info = new OnnxModelInfo("two", ["axon", "myelin é"], new Dictionary<string, string> { ["threshold"] = "0.4", ["preprocessing"] = "{}" });
        using var session = new OnnxSession(OnnxExporter.Export(network, info));
        Assert.Equal("0.4", session.Metadata["threshold"]);
        Assert.Equal("{}", session.Metadata["preprocessing"]);
        Assert.Equal(["axon", "myelin é"], System.Text.Json.JsonSerializer.Deserialize<string[]>(session.Metadata["classes"])!);
    }

    [Fact]
    public void Class_names_must_fit_the_network()
    {
        using var network = new Unet(new UnetOptions(1, 2, 1, 2));
        Assert.Throws<ArgumentException>(() => OnnxExporter.Export(network, new OnnxModelInfo("x", ["one"], new Dictionary<string, string>())));
    }

    [Fact]
    public void Loads_from_a_file_and_several_threads_may_run_it()
    {
        File.WriteAllBytes(_folder.File("m.onnx"), _model);
        using var session = new OnnxSession(_folder.File("m.onnx"), "auto", threads: 1);
        var input = OnnxParityTests.Noise(16 * 16, 1);
        var expected = new float[16 * 16];
        session.Run(input, 1, 1, 16, 16, expected);
        Parallel.For(0, 8, _ =>
        {
            var output = new float[16 * 16];
            session.Run(input, 1, 1, 16, 16, output);
            Assert.Equal(expected, output);
        });
    }

    public static TheoryData<string, byte[]> Damaged()
    {
        var model = Model();
        var flipped = (byte[])model.Clone();
        flipped.AsSpan(0, 40).Fill(0xFF);
        return new TheoryData<string, byte[]>
        {
            { "empty", [] },
            { "a web page", "<!DOCTYPE html><html><body>404</body></html>"u8.ToArray() },
            { "cut in the middle", model[..(model.Length / 2)] },
            { "cut at the end", model[..^5] },
            { "first bytes damaged", flipped },
            { "zeros", new byte[1000] },
        };
    }

    [Theory]
    [MemberData(nameof(Damaged))]
    public void Damaged_files_are_one_clear_error(string what, byte[] bytes)
    {
        var path = _folder.File("damaged.onnx");
        File.WriteAllBytes(path, bytes);
        var error = Assert.Throws<SegException>(() => new OnnxSession(path));
        Assert.Equal("OnnxModelInvalid", error.ErrorId);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(what);
    }

    [Fact]
    public void A_model_for_something_else_is_refused()
    {
        var graph = new OnnxGraph();
        graph.Output(graph.Node("Relu", [graph.Input("x", "batch", 10)]), "y", "batch", 10);
        var bytes = graph.ToBytes("classifier", "test", "1", new Dictionary<string, string>());
        var error = Assert.Throws<SegException>(() => new OnnxSession(bytes));
        Assert.Equal("OnnxModelInvalid", error.ErrorId);
        Assert.Contains("'x'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Equal("FileNotFound", Assert.Throws<SegException>(() => new OnnxSession(_folder.File("none.onnx"))).ErrorId);

    [Fact]
    public void A_device_that_is_not_there_is_named()
    {
        var error = Assert.Throws<SegException>(() => new OnnxSession(_model, "cuda:77"));
        Assert.Equal("DeviceUnavailable", error.ErrorId);
        Assert.Contains("cuda:77", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_sizes_are_refused_before_the_model_runs()
    {
        using var session = new OnnxSession(_model);
        Assert.Equal("NetworkInputShape", Assert.Throws<SegException>(() => session.Run(new float[512], 1, 2, 16, 16, new float[256])).ErrorId);
        Assert.Throws<ArgumentException>(() => session.Run(new float[255], 1, 1, 16, 16, new float[256]));
        Assert.Throws<ArgumentException>(() => session.Run(new float[256], 1, 1, 16, 16, new float[255]));
        Assert.Throws<ArgumentException>(() => session.Run([], 0, 1, 16, 16, []));
    }

    [Fact]
    public void An_image_too_small_for_the_network_is_an_error()
    {
        using var network = new Unet(new UnetOptions(1, 1, 3, 2));
        using var session = new OnnxSession(OnnxParityTests.Export(network));
        Assert.Equal(8, session.Sizes.Minimum);
        Assert.Equal("NetworkInputShape", Assert.Throws<SegException>(() => session.Run(new float[56], 1, 1, 7, 8, new float[56])).ErrorId);
    }

    /// <summary>Models that the reference packaged (opset 11, other names) run too.</summary>
    [SharedFact]
    public void Models_of_the_reference_run()
    {
        using var session = new OnnxSession(SharedFolder.File("golden", "packaged", "spine-unet2d", "my_model", "my_model.onnx"));
        var input = OnnxParityTests.Noise(128 * 128, 1);
        var output = new float[128 * 128];
        session.Run(input, 1, 1, 128, 128, output);
        Assert.All(output, v => Assert.InRange(v, 0f, 1f));
        Assert.NotEqual(output.Min(), output.Max());
    }

    private static byte[] Model()
    {
        using var network = new Unet(new UnetOptions(1, 1, 1, 2), seed: 1);
        return OnnxParityTests.Export(network);
    }
}
