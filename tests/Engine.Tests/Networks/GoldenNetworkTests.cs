using System.Text.Json;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Tests.Support;
using Xunit;
using static TorchSharp.torch;

namespace MedSeg.Engine.Tests.Networks;

/// <summary>Classifiers, Countception and HeMISUnet against the reference with documented weights.</summary>
public class GoldenNetworkTests
{
    [SharedTheory]
    [InlineData("resnet18")]
    [InlineData("densenet121")]
    [InlineData("countception")]
    [InlineData("hemis_bool")]
    public void Names_shapes_and_outputs_equal_the_reference(string name)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var network = Create(name);
        using var document = JsonDocument.Parse(File.ReadAllText(SharedFolder.File("golden", "models_params.json")));
        Assert.Equal(ExpectedState(document.RootElement.GetProperty("models").GetProperty(name)), StateOf(network));

        var golden = Golden.Load("models").Cases.Single(c => c.Name == name);
        Assert.Equal((long)golden.Number("n_elements_filled"), GoldenWeights.Fill(network));
        network.eval();
        var expected = golden.Out("y").Floats();
        var y = GoldenWeights.ToArray(network.forward(Inputs(golden, name)));
        Assert.True(GoldenWeights.LargestDifference(expected, y) <= 1e-4f, $"{name}: {GoldenWeights.LargestDifference(expected, y)}");
        Assert.True(expected.Max() - expected.Min() > 1e-4f, "equal outputs would prove nothing");
    }

    /// <summary>The reference has no output of this size, only names and shapes.</summary>
    [SharedFact]
    public void Countception_of_three_channels_has_the_names_and_shapes_of_the_reference()
    {
        using var network = new Countception(3, 1);
        using var document = JsonDocument.Parse(File.ReadAllText(SharedFolder.File("golden", "models_params.json")));
        var golden = document.RootElement.GetProperty("models").GetProperty("countception_3ch");
        Assert.Equal(golden.GetProperty("n_params").GetInt64(), network.parameters().Sum(p => p.numel()));
        Assert.Equal(ExpectedState(golden), StateOf(network));
    }

    /// <summary>The variance of one contrast is NaN in the reference (known defect D-32), here 0.</summary>
    [SharedFact]
    public void One_contrast_alone_is_finite_where_the_reference_is_not()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var cases = Golden.Load("models").Cases;
        Assert.True(cases.Single(c => c.Name == "hemis_single").Json.GetProperty("out").GetProperty("any_nan").GetBoolean());
        using var network = Create("hemis_bool");
        GoldenWeights.Fill(network);
        network.eval();
        var three = Inputs(cases.Single(c => c.Name == "hemis_bool"), "hemis_bool");
        var y = network.forward(three with { Available = GoldenWeights.ToTensor([1, 0, 0, 1, 0, 0], 2, 3) });
        Assert.All(GoldenWeights.ToArray(y), value => Assert.InRange(value, 0, 1));
    }

    private static IEnumerable<string> ExpectedState(JsonElement golden) => golden.GetProperty("state_dict").EnumerateArray()
        .Select(e => $"{e[0].GetString()} {e[1].GetRawText().Replace(" ", "", StringComparison.Ordinal)}").Order(StringComparer.Ordinal);

    private static IEnumerable<string> StateOf(SegNetwork network) =>
        Safetensors.StateOf(network).Select(s => $"{s.Name} [{string.Join(',', s.Value.shape)}]").Order(StringComparer.Ordinal);

    [SharedFact]
    public void Two_encoders_of_depth_three_have_the_names_and_shapes_of_the_reference()
    {
        using var network = new HemisUnet(["T1w", "T2w"], new UnetOptions(2, 1, 3));
        using var document = JsonDocument.Parse(File.ReadAllText(SharedFolder.File("golden", "models_params.json")));
        var expected = document.RootElement.GetProperty("models").GetProperty("hemis_2_d3").GetProperty("state_dict").EnumerateArray()
            .Select(e => $"{e[0].GetString()} {e[1].GetRawText().Replace(" ", "", StringComparison.Ordinal)}").Order(StringComparer.Ordinal);
        Assert.Equal(expected, Safetensors.StateOf(network).Select(s => $"{s.Name} [{string.Join(',', s.Value.shape)}]").Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// The reference takes numbers 1 and 0 for positions (known defect D-32): [1,0,1] gathers the second, first and second contrast. Here
    /// they say which contrasts there are.
    /// </summary>
    [SharedFact]
    public void Numbers_are_availability_here_and_positions_in_the_reference()
    {
        Assert.False(Golden.Load("models").Cases.Single(c => c.Name == "hemis_int_index").Json.GetProperty("out").GetProperty("same_as_bool").GetBoolean());
        float[] features = [1, 4, 7], row = [1, 0, 1];
        Assert.Equal([4, 18], Fuse(features, row));
        float[] gathered = [.. row.Select(position => features[(int)position])];
        Assert.Equal([3, 3], Fuse(gathered, [1, 1, 1]));
    }

    private static float[] Fuse(float[] features, float[] available)
    {
        using var scope = NewDisposeScope();
        var there = GoldenWeights.ToTensor(available, 1, 3);
        var ops = new TorchOps(new NetworkInputs(zeros([1, 3, 1, 1]), Available: there), training: false);
        return GoldenWeights.ToArray(ContrastFusion.Describe(ops, [.. features.Select(f => GoldenWeights.ToTensor([f], 1, 1, 1, 1))], there));
    }

    private static NetworkInputs Inputs(GoldenCase golden, string name)
    {
        if (name != "hemis_bool")
            return new NetworkInputs(ToTensor(golden.In("x")));
        var image = cat([.. Enumerable.Range(0, 3).Select(m => ToTensor(golden.In($"x{m}")))], 1);
        return new NetworkInputs(image, Available: GoldenWeights.ToTensor([1, 1, 1, 1, 0, 1], 2, 3));
    }

    private static Tensor ToTensor(NpyArray array) => GoldenWeights.ToTensor(array.Floats(), Array.ConvertAll(array.Shape, s => (long)s));

    private static SegNetwork Create(string name) => name switch
    {
        "countception" => new Countception(1, 1),
        "hemis_bool" => new HemisUnet(["T1w", "T2w", "T2star"], new UnetOptions(3, 1, 2)),
        _ => ClassifierTests.Create(name),
    };
}
