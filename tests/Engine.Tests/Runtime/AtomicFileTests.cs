using MedSeg.Engine.Runtime;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Runtime;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Writes_text_without_byte_order_mark_into_folders_it_makes()
    {
        var path = _folder.File("a", "b", "é.txt");
        AtomicFile.WriteAllText(path, "µ\n");
        Assert.Equal([0xC2, 0xB5, 0x0A], File.ReadAllBytes(path));
    }

    [Fact]
    public void A_failing_writer_leaves_the_old_file_and_nothing_else()
    {
        var path = _folder.File("x.bin");
        AtomicFile.WriteAllBytes(path, [1, 2, 3]);
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write([9, 9]);
            throw new InvalidOperationException("stop");
        }));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void The_old_content_is_readable_until_the_new_one_is_complete()
    {
        var path = _folder.File("x.txt");
        AtomicFile.WriteAllText(path, "old");
        AtomicFile.Write(path, stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            Assert.Equal("old", File.ReadAllText(path));
        });
        Assert.Equal("new", File.ReadAllText(path));
    }

    [Fact]
    public void A_full_disk_becomes_an_error_that_names_the_file()
    {
        var path = _folder.File("x.txt");
        var hresult = OperatingSystem.IsWindows() ? unchecked((int)0x80070070) : 28;
        var error = Assert.Throws<SegException>(() => AtomicFile.Write(path, _ => throw new IOException("No space left on device", hresult)));
        Assert.Equal("DiskFull", error.ErrorId);
        Assert.Equal(SegErrorKind.Resource, error.Kind);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_target_that_is_a_folder_cannot_be_written()
    {
        var error = Assert.Throws<SegException>(() => AtomicFile.WriteAllText(_folder.Path, "x"));
        Assert.Equal("CannotWrite", error.ErrorId);
    }

    [Fact]
    public void A_path_below_a_file_cannot_be_written()
    {
        AtomicFile.WriteAllText(_folder.File("file"), "x");
        Assert.Equal("CannotWrite", Assert.Throws<SegException>(() => AtomicFile.WriteAllText(_folder.File("file", "below"), "x")).ErrorId);
    }

    [Fact]
    public void Several_writers_of_one_file_leave_one_whole_content()
    {
        var path = _folder.File("x.txt");
        Parallel.For(0, 16, i => AtomicFile.WriteAllText(path, new string((char)('a' + i), 10000)));
        var text = File.ReadAllText(path);
        Assert.Equal(10000, text.Length);
        Assert.Single(text.Distinct());
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [UnixFact]
    public void A_symbolic_link_stays_and_its_target_changes()
    {
        var target = _folder.File("target.txt");
        var link = _folder.File("link.txt");
        File.WriteAllText(target, "old");
        File.CreateSymbolicLink(link, target);
        AtomicFile.WriteAllText(link, "new");
        Assert.Equal("new", File.ReadAllText(target));
        Assert.NotNull(new FileInfo(link).LinkTarget);
    }
}
