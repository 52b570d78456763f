using MedSeg.Engine.Runtime;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Runtime;

public sealed class OutputGuardTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_input_is_found_under_other_spellings_and_other_files_are_not()
    {
        var input = _folder.File("a.png");
        File.WriteAllText(input, "");
        OutputGuard.RequireNoInput(_folder.File("b.png"), [null, input]);
        var detour = Path.Combine(Path.GetDirectoryName(input)!, "x", "..", "a.png");
        var error = Assert.Throws<SegException>(() => OutputGuard.RequireNoInput(detour, [null, input]));
        Assert.Equal("OutputIsInput", error.ErrorId);
        Assert.Contains(detour, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_to_an_input_is_that_input()
    {
        if (OperatingSystem.IsWindows())
            return; // Links need a right that users rarely have.
        var (input, link, broken) = (_folder.File("a.png"), _folder.File("link.png"), _folder.File("broken.png"));
        File.WriteAllText(input, "");
        File.CreateSymbolicLink(link, input);
        File.CreateSymbolicLink(broken, _folder.File("none.png"));
        Assert.Equal("OutputIsInput", Assert.Throws<SegException>(() => OutputGuard.RequireNoInput(link, [input])).ErrorId);
        Assert.Equal("OutputIsInput", Assert.Throws<SegException>(() => OutputGuard.RequireNoInput(input, [link])).ErrorId);
        OutputGuard.RequireNoInput(broken, [input]);
    }
}
