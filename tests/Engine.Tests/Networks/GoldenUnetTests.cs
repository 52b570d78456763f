using System.Text.Json;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Tests.Support;
using Xunit;
using static TorchSharp.torch;

namespace MedSeg.Engine.Tests.Networks;

/// <summary>Against outputs of the reference with documented weights.</summary>
public class GoldenUnetTests
{
    [SharedFact]
    public void Names_and_shapes_equal_the_reference()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedFolder.File("golden", "models_params.json")));
        foreach (var golden in Cases())
        {
            using var network = Create(golden);
            var expected = document.RootElement.GetProperty("models").GetProperty(golden.Name).GetProperty("state_dict").EnumerateArray()
                .Select(e => $"{e[0].GetString()} {e[1].GetRawText().Replace(" ", "", StringComparison.Ordinal)}").Order(StringComparer.Ordinal);
            var actual = Safetensors.StateOf(network).Select(s => $"{s.Name} [{string.Join(',', s.Value.shape)}]").Order(StringComparer.Ordinal);
            Assert.Equal(expected, actual);
        }
    }

    /// <summary>Depth 2, 4 filters, two images of 24×20: some of the outputs of the reference, and their sum.</summary>
    [Fact]
    public void Written_down_outputs_of_the_reference_are_met()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var network = new Unet(new UnetOptions(1, 1, Depth: 2, Filters: 4));
        GoldenWeights.Fill(network);
        network.eval();
        var y = GoldenWeights.ToArray(network.call(GoldenWeights.ToTensor(GoldenWeights.Wave(960), 2, 1, 24, 20)));
        (int At, float Value)[] expected =
        [
            (0, 0.5133446f), (100, 0.38679853f), (217, 0.35303152f), (333, 0.51535064f), (479, 0.44372046f), (480, 0.5279212f), (700, 0.49234226f), (811, 0.4958346f), (959, 0.48260993f),
        ];
        foreach (var (at, value) in expected)
            Assert.Equal(value, y[at], 1e-5f);
        Assert.Equal(417.8838, y.Sum(v => (double)v), 1e-2);
    }

    [SharedFact]
    public void Outputs_equal_the_reference()
    {
        foreach (var golden in Cases())
        {
            using var scope = NewDisposeScope();
            using var guard = no_grad();
            using var network = Create(golden);
            Assert.Equal((long)golden.Number("n_elements_filled"), GoldenWeights.Fill(network));
            network.eval();
            var x = golden.In("x");
            var y = GoldenWeights.ToArray(network.call(GoldenWeights.ToTensor(x.Floats(), Array.ConvertAll(x.Shape, s => (long)s))));
            var expected = golden.Out("y").Floats();
            if (golden.Name == "unet_relu1")
                expected = ScaleEachSample(expected, x.Shape[0]);
            Assert.True(GoldenWeights.LargestDifference(expected, y) <= 1e-4f, $"{golden.Name}: {GoldenWeights.LargestDifference(expected, y)}");
        }
    }

    /// <summary>The reference divides by the maximum of the batch (known defect D-65); here each sample has its own.</summary>
    private static float[] ScaleEachSample(float[] values, int samples) =>
        [.. values.Chunk(values.Length / samples).SelectMany(sample => sample.Max() is > 0 and var m ? Array.ConvertAll(sample, v => v / m) : sample)];

    private static IReadOnlyList<GoldenCase> Cases()
    {
        var cases = Golden.Load("models").Of("Unet");
        Assert.Equal(8, cases.Count);
        return cases;
    }

    private static Unet Create(GoldenCase golden)
    {
        int Get(string name, int otherwise) => golden.Parameters.TryGetProperty(name, out var value) ? value.GetInt32() : otherwise;
        var outChannels = Get("out_channel", 1);
        var activation = golden.Parameters.TryGetProperty("final_activation", out var text)
            ? Enum.Parse<FinalActivation>(text.GetString()!, ignoreCase: true)
            : FinalActivation.Sigmoid;
        return new Unet(new UnetOptions(
            Get("in_channel", 1), outChannels == 1 ? 1 : outChannels - 1, Get("depth", 3), Get("n_filters", 64), Activation: activation,
            Dimensions: golden.Parameters.TryGetProperty("is_2d", out _) ? 3 : 2));
    }
}
