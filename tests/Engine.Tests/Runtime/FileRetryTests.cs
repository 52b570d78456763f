using MedSeg.Engine.Runtime;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Runtime;

public sealed class FileRetryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_passes_is_tried_again()
    {
        var calls = 0;
        FileRetry.Run(() => { if (++calls < 3) throw new IOException("held"); }, _ => true);
        Assert.Equal(3, calls);
    }

    [Fact]
    public void What_does_not_pass_is_thrown_at_once()
    {
        var calls = 0;
        Assert.Throws<IOException>(() => FileRetry.Run(() => { calls++; throw new IOException("gone"); }, _ => false));
        Assert.Equal(1, calls);
    }

    [Fact]
    public void Files_and_folders_are_removed_and_what_cannot_be_is_said()
    {
        File.WriteAllText(_folder.File("file"), "");
        Directory.CreateDirectory(_folder.File("a", "b"));
        Assert.Null(FileRetry.TryDelete(_folder.File("file")));
        Assert.Null(FileRetry.TryDelete(_folder.File("a")));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
        Assert.NotEmpty(FileRetry.TryDelete(_folder.File("no", "such", "file"))!);
    }

    [Fact]
    public void A_link_to_a_folder_goes_and_the_folder_stays()
    {
        if (OperatingSystem.IsWindows())
            return; // Links need a privilege there.
        Directory.CreateDirectory(_folder.File("kept", "b"));
        Directory.CreateSymbolicLink(_folder.File("link"), _folder.File("kept"));
        Assert.Null(FileRetry.TryDelete(_folder.File("link")));
        Assert.True(Directory.Exists(_folder.File("kept", "b")));
        Assert.False(Path.Exists(_folder.File("link")));
    }
}
