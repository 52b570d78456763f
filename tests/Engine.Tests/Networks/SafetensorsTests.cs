using System.Text;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Tests.Support;
using Xunit;
using static TorchSharp.torch;

namespace MedSeg.Engine.Tests.Networks;

public sealed class SafetensorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>PyTorch writes a matrix that several layers of FiLM share under the name of each.</summary>
    [Fact]
    public void Shared_matrices_may_be_given_once_per_layer_if_they_are_the_same()
    {
        var options = new UnetOptions(1, 1, 1, 2, Film: new FilmOptions(2, [true, false, true, false]));
        using var a = new Unet(options, seed: 1);
        using var b = new Unet(options, seed: 2);
        var state = Safetensors.StateOf(a).ToList();
        const string Owner = "encoder.down_path.1.generator.linear1.weight", Other = "decoder.up_path.1.generator.linear1.weight";
        var weight = state.Single(t => t.Name == Owner).Value;
        Safetensors.Write(_folder.File("twice"), [.. state, (Other, weight)]);
        Safetensors.LoadInto(_folder.File("twice"), b);
        Assert.Equal(weight.data<float>().ToArray(), Safetensors.StateOf(b).Single(t => t.Name == Owner).Value.data<float>().ToArray());

        using var changed = zeros_like(weight);
        Safetensors.Write(_folder.File("other"), [.. state, (Other, changed)]);
        var error = Assert.Throws<SegException>(() => Safetensors.LoadInto(_folder.File("other"), b));
        Assert.Contains($"{Other} differs from {Owner}", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_bytes_are_those_of_the_format()
    {
        using var scope = NewDisposeScope();
        var path = _folder.File("x.safetensors");
        Safetensors.Write(path, [("b", tensor([1f, 2f])), ("a", tensor(7L))], new Dictionary<string, string> { ["k"] = "v" });
        const string json = """{"__metadata__":{"k":"v"},"a":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}""";
        var padded = json.PadRight((json.Length + 7) / 8 * 8);
        byte[] expected =
        [
            .. BitConverter.GetBytes((long)padded.Length), .. Encoding.ASCII.GetBytes(padded),
            .. BitConverter.GetBytes(7L), .. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(2f),
        ];
        Assert.Equal(expected, File.ReadAllBytes(path));
        Assert.Equal("v", Safetensors.ReadMetadata(path)["k"]);
    }

    [Fact]
    public void A_network_round_trips_bit_for_bit()
    {
        using var scope = NewDisposeScope();
        using var a = new Unet(new UnetOptions(1, 2, 2, 4), seed: 1);
        using var b = new Unet(new UnetOptions(1, 2, 2, 4), seed: 2);
        a.train();
        _ = a.call(GoldenWeights.ToTensor(GoldenWeights.Wave(64), 1, 1, 8, 8));
        Safetensors.Write(_folder.File("a"), Safetensors.StateOf(a));
        Safetensors.LoadInto(_folder.File("a"), b);
        foreach (var (first, second) in Safetensors.StateOf(a).Zip(Safetensors.StateOf(b)))
            Assert.True(first.Value.equal(second.Value).all().item<bool>(), first.Name);
        Assert.Equal(1, Safetensors.StateOf(b).First(s => s.Name.EndsWith("num_batches_tracked", StringComparison.Ordinal)).Value.item<long>());
        Safetensors.Write(_folder.File("b"), Safetensors.StateOf(b));
        Assert.Equal(File.ReadAllBytes(_folder.File("a")), File.ReadAllBytes(_folder.File("b")));
    }

    [Fact]
    public void All_types_and_views_round_trip()
    {
        using var scope = NewDisposeScope();
        var view = arange(12, dtype: float32).reshape(3, 4).t();
        var types = new[] { float64, float16, bfloat16, int32, int16, int8, uint8, @bool };
        var tensors = types.Select((type, i) => ($"t{i}", ones([3], dtype: type))).Append(("view", view)).Append(("empty", zeros([0, 2]))).ToList();
        Safetensors.Write(_folder.File("x"), tensors);
        var read = Safetensors.Read(_folder.File("x"));
        foreach (var (name, value) in tensors)
        {
            Assert.Equal(value.dtype, read[name].dtype);
            Assert.Equal(value.shape, read[name].shape);
            Assert.True(value.equal(read[name]).all().item<bool>());
        }
    }

    [Fact]
    public void Weights_of_another_network_are_refused_and_change_nothing()
    {
        using var small = new Unet(new UnetOptions(1, 1, 1, 2), seed: 1);
        using var wide = new Unet(new UnetOptions(1, 1, 2, 3), seed: 1);
        Safetensors.Write(_folder.File("small"), Safetensors.StateOf(small));
        var before = GoldenWeights.ToArray(wide.parameters().First());
        var error = Assert.Throws<SegException>(() => Safetensors.LoadInto(_folder.File("small"), wide));
        Assert.Equal("WeightsMismatch", error.ErrorId);
        Assert.Contains("encoder.down_path.0.conv1.weight is [2,1,3,3], the network has [3,1,3,3]", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, GoldenWeights.ToArray(wide.parameters().First()));
        Safetensors.Write(_folder.File("extra"), [("other", wide.parameters().First())]);
        error = Assert.Throws<SegException>(() => Safetensors.LoadInto(_folder.File("extra"), small.named_modules().First(m => m.name == "decoder.last_conv").module));
        Assert.Contains("missing weight", error.Message, StringComparison.Ordinal);
        Assert.Contains("unexpected other", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_tensors_of_one_name_are_not_written()
    {
        using var t = zeros([1]);
        Assert.Throws<ArgumentException>(() => Safetensors.Write(_folder.File("x"), [("a", t), ("a", t)]));
        Assert.False(File.Exists(_folder.File("x")));
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Equal("FileNotFound", Assert.Throws<SegException>(() => Safetensors.Read(_folder.File("none"))).ErrorId);

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}""", "twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "starts at")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "the file has 4")]
    [InlineData("""{}""", "the file has 4")]
    [InlineData("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}}""", "starts at")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "does not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", "does not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296,4294967296],"data_offsets":[0,4]}}""", "does not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[805306368],"data_offsets":[0,3221225472]}}""", "at most 2147483647")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", "whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", "whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", "two data_offsets")]
    [InlineData("""{"a":{"dtype":"F33","shape":[1],"data_offsets":[0,4]}}""", "unknown type")]
    [InlineData("""{"a":{"dtype":4,"shape":[1],"data_offsets":[0,4]}}""", "needs dtype")]
    [InlineData("""{"a":7}""", "needs dtype")]
    [InlineData("""[1,2]""", "not a JSON object")]
    [InlineData("""{"a":""", "not valid JSON")]
    [InlineData("""{"__metadata__":{"a":{"b":1}}}""", "not valid JSON")]
    [InlineData("""{"__metadata__":3}""", "not valid JSON")]
    [InlineData("""{"a":[[[[[[[[1]]]]]]]]}""", "not valid JSON")]
    public void A_damaged_header_is_one_clear_error(string json, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        File.WriteAllBytes(_folder.File("x"), [.. BitConverter.GetBytes((long)bytes.Length), .. bytes, 0, 0, 128, 63]);
        var error = Assert.Throws<SegException>(() => Safetensors.Read(_folder.File("x")));
        Assert.Equal("SafetensorsInvalid", error.ErrorId);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 1, 0, 0 })]
    [InlineData(new byte[] { 255, 255, 255, 255, 255, 255, 255, 255, 1 })]
    [InlineData(new byte[] { 255, 255, 255, 127, 0, 0, 0, 0, 1 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { (byte)'<', (byte)'h', (byte)'t', (byte)'m', (byte)'l', (byte)'>', 10, 10, 10 })]
    public void A_file_that_is_something_else_is_one_clear_error(byte[] bytes)
    {
        File.WriteAllBytes(_folder.File("x"), bytes);
        Assert.Equal("SafetensorsInvalid", Assert.Throws<SegException>(() => Safetensors.Read(_folder.File("x"))).ErrorId);
    }
}
