using MedSeg.Engine.Runtime;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Runtime;

public sealed class ScratchFolderTests : IDisposable
{
    private const string Prefix = "scratch-";

    private readonly TemporaryFolder _parent = new();

    public void Dispose() => _parent.Dispose();

    [Fact]
    public void Is_private_and_goes_with_its_files()
    {
        var parent = _parent.File("a", "b");
        using (var folder = ScratchFolder.Create(parent, Prefix))
        {
            File.WriteAllText(Path.Combine(folder.Path, "x"), "x");
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.Path));
        }

        Assert.Empty(Directory.GetFileSystemEntries(parent));
    }

    [Fact]
    public void Leftovers_go_and_living_folders_and_other_files_stay()
    {
        using var living = ScratchFolder.Create(_parent.Path, Prefix);
        File.WriteAllText(Path.Combine(living.Path, "x"), "x");
        var dead = Directory.CreateDirectory(_parent.File(Prefix + "dead")).FullName;
        File.WriteAllText(Path.Combine(dead, "x"), "x");
        File.WriteAllText(dead + ".lock", "");
        var other = Directory.CreateDirectory(_parent.File("other")).FullName;
        File.WriteAllText(other + ".lock", "");

        ScratchFolder.RemoveLeftovers(_parent.Path, Prefix);

        Assert.False(Directory.Exists(dead) || File.Exists(dead + ".lock"));
        Assert.True(File.Exists(Path.Combine(living.Path, "x")));
        Assert.True(Directory.Exists(other) && File.Exists(other + ".lock"));
    }

    [Fact]
    public void A_folder_that_is_not_there_has_no_leftovers() => ScratchFolder.RemoveLeftovers(_parent.File("none"), Prefix);

    [UnixFact]
    public void A_link_with_the_name_of_a_leftover_goes_without_what_it_leads_to()
    {
        var victim = Directory.CreateDirectory(_parent.File("victim")).FullName;
        File.WriteAllText(Path.Combine(victim, "x"), "x");
        File.CreateSymbolicLink(_parent.File(Prefix + "1"), victim);
        File.WriteAllText(_parent.File(Prefix + "1.lock"), "");

        ScratchFolder.RemoveLeftovers(_parent.Path, Prefix);

        Assert.True(File.Exists(Path.Combine(victim, "x")));
        Assert.Equal([victim], Directory.GetFileSystemEntries(_parent.Path));
    }

    [Fact]
    public void A_file_in_the_way_is_an_error_that_names_it()
    {
        var file = _parent.File("file");
        File.WriteAllText(file, "");
        var error = Assert.Throws<SegException>(() => ScratchFolder.Create(file, Prefix));
        Assert.Equal("CannotWrite", error.ErrorId);
        Assert.Contains(file, error.Message);
    }
}
