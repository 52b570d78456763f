using System.Text.Json;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Tests.Support;
using Xunit;
using static TorchSharp.torch;

namespace MedSeg.Engine.Tests.Networks;

/// <summary>Modified3DUNet and FiLM against outputs of the reference with documented weights.</summary>
public class GoldenVolumeAndFilmTests
{
    /// <summary>
    /// FiLM layers after the first have no weight matrices of their own here: the reference counts them until its first forward
    /// pass replaces them.
    /// </summary>
    [SharedFact]
    public void Names_and_shapes_equal_the_reference()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedFolder.File("golden", "models_params.json")));
        foreach (var golden in Cases())
        {
            using var network = Create(golden);
            var model = document.RootElement.GetProperty("models").GetProperty(golden.Name);
            var actual = Safetensors.StateOf(network).Select(s => $"{s.Name} [{string.Join(',', s.Value.shape)}]").Order(StringComparer.Ordinal).ToList();
            var expected = model.GetProperty("state_dict").EnumerateArray()
                .Select(e => $"{e[0].GetString()} {e[1].GetRawText().Replace(" ", "", StringComparison.Ordinal)}").Order(StringComparer.Ordinal).ToList();
            Assert.Empty(actual.Except(expected));
            var left = expected.Except(actual).ToList();
            var films = expected.Count(name => name.Contains("generator.linear1.weight", StringComparison.Ordinal));
            Assert.Equal(2 * Math.Max(0, films - 1), left.Count);
            Assert.All(left, name => Assert.Matches(@"generator\.linear[12]\.weight", name));
            if (golden.Name == "film_all")
            {
                var after = document.RootElement.GetProperty("models").GetProperty("film_all_after_forward");
                Assert.Equal(after.GetProperty("parameters").EnumerateArray().Select(e => e.GetString()), network.named_parameters().Select(p => p.name));
                Assert.Equal(after.GetProperty("n_params").GetInt64(), network.parameters().Sum(p => p.numel()));
            }
        }
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
            var image = GoldenWeights.ToTensor(x.Floats(), Array.ConvertAll(x.Shape, s => (long)s));
            var y = GoldenWeights.ToArray(network.forward(new NetworkInputs(image, Context(golden))));
            var difference = GoldenWeights.LargestDifference(golden.Out("y").Floats(), y);
            Assert.True(difference <= 1e-4f, $"{golden.Name}: {difference}");
        }
    }

    private static Tensor? Context(GoldenCase golden)
    {
        if (!golden.Parameters.TryGetProperty("context", out var rows))
            return null;
        var values = rows.EnumerateArray().SelectMany(row => row.EnumerateArray().Select(v => (float)v.GetDouble())).ToArray();
        return GoldenWeights.ToTensor(values, rows.GetArrayLength(), values.Length / rows.GetArrayLength());
    }

    private static List<GoldenCase> Cases()
    {
        var golden = Golden.Load("models");
        List<GoldenCase> cases = [.. golden.Of("FiLMedUnet"), .. golden.Of("Modified3DUNet")];
        Assert.Equal(8, cases.Count);
        return cases;
    }

    private static SegNetwork Create(GoldenCase golden)
    {
        int Get(string name, int otherwise) => golden.Parameters.TryGetProperty(name, out var value) ? value.GetInt32() : otherwise;
        var outChannels = Get("out_channel", 1);
        var classes = outChannels == 1 ? 1 : outChannels - 1;
        var activation = golden.Parameters.TryGetProperty("final_activation", out var text)
            ? Enum.Parse<FinalActivation>(text.GetString()!, ignoreCase: true)
            : FinalActivation.Sigmoid;
        var film = golden.Parameters.TryGetProperty("film_layers", out var flags) && flags.ValueKind == JsonValueKind.Array
            ? new FilmOptions(Get("n_metadata", 1), [.. flags.EnumerateArray().Select(f => f.GetInt32() != 0)])
            : null;
        return golden.Function == "FiLMedUnet"
            ? new Unet(new UnetOptions(1, classes, Get("depth", 3), Get("n_filters", 64), Activation: activation, Film: film))
            : new Modified3DUnet(new Modified3DUnetOptions(
                Get("in_channel", 1), classes, Get("n_filters", 16), golden.Parameters.TryGetProperty("attention", out _), Activation: activation, Film: film));
    }
}
