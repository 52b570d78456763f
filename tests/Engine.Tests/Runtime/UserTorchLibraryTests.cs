using MedSeg.Engine.Runtime;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Runtime;

public sealed class UserTorchLibraryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Names_the_part_that_is_missing()
    {
        File.WriteAllText(_folder.File(PlatformNative.FileName("c10")), "");
        var error = Assert.Throws<SegException>(() => new UserTorchLibrary(_folder.Path).Load());
        Assert.Equal("TorchLibraryMissing", error.ErrorId);
        Assert.Contains(PlatformNative.FileName("torch_cpu"), error.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.Path, error.Message, StringComparison.Ordinal);
    }

    /// <remarks>Here the engine is in the default load context, where TorchSharp would load its own copy too.</remarks>
    [Fact]
    public void Does_not_work_outside_the_modules_load_context()
    {
        foreach (var name in new[] { "c10", "torch_cpu", "torch" })
            File.WriteAllText(_folder.File(PlatformNative.FileName(name)), "");
        Assert.Equal("TorchLibraryNotUsable", Assert.Throws<SegException>(() => new UserTorchLibrary(_folder.Path).Load()).ErrorId);
    }
}
