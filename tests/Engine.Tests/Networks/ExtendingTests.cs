using MedSeg.Engine.Tests.Onnx;
using MedSeg.Engine.Tests.Support;
using Xunit;
using static TorchSharp.torch;

namespace MedSeg.Engine.Tests.Networks;

/// <summary>The worked example of docs/extending.md is code that runs.</summary>
public class ExtendingTests
{
    [Fact]
    public void The_page_shows_the_code_that_is_compiled_here()
    {
        var page = Document.Read("extending.md");
        var folder = Path.GetDirectoryName(Path.GetDirectoryName(Pages.Find("extending.md")))!;
        var source = File.ReadAllText(Path.Combine(folder, "tests", "Engine.Tests", "Networks", "ExampleNetwork.cs")).ReplaceLineEndings("\n");
        var blocks = page.Split("```csharp\n").Skip(1).Select(rest => rest[..rest.IndexOf("```", StringComparison.Ordinal)]).ToList();
        Assert.Equal(2, blocks.Count);
        Assert.All(blocks, block => Assert.Contains(block, source, StringComparison.Ordinal));
    }

    [Fact]
    public void The_example_trains_and_exports()
    {
        using var network = ExampleRegistry.Makers["ShallowNetwork"](new SegConfig { DefaultModel = new() { NFilters = 4 } }, new(2, 3), 1);
        OnnxParity.Check(network, [2, 2, 9, 12], [1, 2, 1, 5]).Dispose();
        network.train();
        using var x = GoldenWeights.ToTensor(GoldenWeights.Wave(2 * 64), 1, 2, 8, 8);
        using var scope = NewDisposeScope();
        network.call(x).square().sum().backward();
        Assert.All(network.parameters(), p => Assert.True(p.grad is not null && p.grad.isfinite().all().item<bool>()));
    }
}
