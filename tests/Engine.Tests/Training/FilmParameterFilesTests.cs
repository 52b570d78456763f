using MedSeg.Engine.Data.Film;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Training;
using MedSeg.Engine.Training.Modulation;
using TorchSharp;
using Xunit;

namespace MedSeg.Engine.Tests.Training;

/// <summary>What FiLM makes of categories, as files of numbers.</summary>
public sealed class FilmParameterFilesTests : IDisposable
{
    private readonly TemporaryFolder _disk = new();

    public void Dispose() => _disk.Dispose();

    /// <summary>Against the formula of the generator, written out.</summary>
    [Fact]
    public void Parameters_of_the_layers_are_written_for_each_category()
    {
        using var scope = torch.NewDisposeScope();
        int[] flags = [0, 1, 1, 0];
        using var network = new Unet(new UnetOptions(1, 1, 1, 2, Film: new FilmOptions(2, [.. flags.Select(flag => flag != 0)])), seed: 3);
        var sources = new FilmSources([], [[0, 1], [1, 0], [0, 1]]);
        var plan = new FilmPlan(new SegFilm("contrasts", [new("contrast", ["T1w", "T2w"])]), sources, sources);
        var folder = System.IO.Path.Combine(_disk.Path, "parameters");
        FilmParameterFiles.Write(folder, network, flags, plan);
        Assert.Equal("contrast\nT1w\nT2w\n", File.ReadAllText(System.IO.Path.Combine(folder, "metadata_values.tsv")));
        Assert.Equal(
            ["beta_layer_2.npy", "beta_layer_3.npy", "gamma_layer_2.npy", "gamma_layer_3.npy", "metadata_values.tsv"],
            Directory.GetFiles(folder).Select(System.IO.Path.GetFileName).Order(StringComparer.Ordinal));

        torch.Tensor Weight(string layer, string name) => NamedTensors.Of(network).Single(t => t.Name == $"{layer}.generator.{name}").Value;
        torch.Tensor Next(torch.Tensor x, string owner, string layer, int i) =>
            torch.sigmoid(torch.matmul(x, Weight(owner, $"linear{i}.weight").t()) + Weight(layer, $"linear{i}.bias"));
        const string First = "encoder.film_bottom", Second = "decoder.up_path.1";
        var expected = Next(Next(Next(torch.eye(2), First, Second, 1), First, Second, 2), Second, Second, 3).detach();
        foreach (var (name, half) in new[] { ("gamma", 0), ("beta", 1) })
        {
            var values = Npz.Parse(File.ReadAllBytes(System.IO.Path.Combine(folder, $"{name}_layer_3.npy")));
            Assert.Equal([2, 2], values.Shape);
            Assert.All(expected.chunk(2, 1)[half].contiguous().data<float>().ToArray().Zip(values.Floats()), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
        }
    }
}
