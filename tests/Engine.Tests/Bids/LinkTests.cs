using System.Runtime.Versioning;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Bids;

/// <summary>Symbolic links. Windows lets only some users create them, so these run elsewhere.</summary>
public sealed class LinkTests : IDisposable
{
    private readonly BidsFolder _folder = BidsFolder.Clean();
    private readonly TemporaryFolder _outside = new();

    public void Dispose()
    {
        _folder.Dispose();
        _outside.Dispose();
    }

    [UnixFact]
    public void A_link_to_a_file_inside_is_followed_as_DataLad_needs()
    {
        _folder.Image(".git/annex/objects/abc.nii.gz");
        Link("sub-01/anat/sub-01_T2w.nii.gz", "../../.git/annex/objects/abc.nii.gz");
        var dataset = _folder.Scan();
        Assert.Empty(dataset.Findings);
        Assert.Contains(dataset.Images, i => i.Suffix == "T2w");
    }

    [UnixFact]
    public void A_broken_link_is_an_error()
    {
        Link("sub-01/anat/sub-01_T2w.nii.gz", "../../.git/annex/objects/gone.nii.gz");
        Assert.Equal("BrokenLink", Assert.Single(_folder.Scan().Findings).Id);
    }

    [UnixFact]
    public void A_link_that_leaves_the_root_is_not_followed()
    {
        File.WriteAllText(_outside.File("secret.json"), """{"Secret": 1}""");
        Link("sub-01/anat/sub-01_T1w.json", _outside.File("secret.json"));
        AssertNotFollowed();
        Assert.Empty(_folder.Scan().Images[0].Metadata);
    }

    [UnixFact]
    public void A_link_can_not_leave_through_a_linked_folder()
    {
        File.WriteAllText(_outside.File("secret.json"), """{"Secret": 1}""");
        Directory.CreateSymbolicLink(_folder.PathOf("code"), _outside.Path);
        Link("sub-01/anat/sub-01_T1w.json", "../../code/secret.json");
        var dataset = _folder.Scan();
        Assert.Contains(dataset.Findings, f => f.Id == "LinkNotFollowed" && f.Path.EndsWith("sub-01_T1w.json", StringComparison.Ordinal));
        Assert.Empty(dataset.Images[0].Metadata);
    }

    [UnixFact]
    public void Loops_end()
    {
        Link("sub-01/anat/sub-01_T2w.nii.gz", "sub-01_T2star.nii.gz");
        Link("sub-01/anat/sub-01_T2star.nii.gz", "sub-01_T2w.nii.gz");
        Directory.CreateSymbolicLink(_folder.PathOf("sub-01/ses-1"), "..");
        var dataset = _folder.Scan();
        Assert.Equal(["LinkNotFollowed", "LinkNotFollowed", "LinkNotFollowed"], dataset.Findings.Select(f => f.Id));
        Assert.Single(dataset.Images);
    }

    [PermissionFact]
    [UnsupportedOSPlatform("windows")]
    public void An_unreadable_folder_is_a_finding()
    {
        var path = _folder.PathOf("sub-01/pet");
        Directory.CreateDirectory(path);
        File.SetUnixFileMode(path, UnixFileMode.None);
        try
        {
            Assert.Equal("FolderUnreadable", Assert.Single(_folder.Scan().Findings).Id);
        }
        finally
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public void Folders_nested_beyond_reason_are_a_finding()
    {
        _folder.Text("sub-01/" + string.Concat(Enumerable.Repeat("a/", 20)) + "x.txt", "x");
        Assert.Equal("FolderUnreadable", Assert.Single(_folder.Scan().Findings).Id);
    }

    private void AssertNotFollowed() => Assert.Equal("LinkNotFollowed", Assert.Single(_folder.Scan().Findings).Id);

    private void Link(string path, string target) => File.CreateSymbolicLink(_folder.PathOf(path), target);
}
