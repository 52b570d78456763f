using System.Security.Cryptography;
using MedSeg.Engine.Bids;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Phantoms;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Phantoms;

public sealed class PhantomTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_dataset_is_clean_bids()
    {
        var dataset = Create("p", 4, ["T1w", "T2w", "T2star", "PDw"], [20, 24, 3]);
        Assert.Empty(dataset.Findings);
        Assert.Equal(["sub-01", "sub-02", "sub-03", "sub-04"], dataset.Subjects.Select(s => s.Id));
        Assert.Equal(16, dataset.Images.Count);
        Assert.All(dataset.Images, i => Assert.Equal(Phantom.TargetSuffixes, i.Labels.Keys));
        Assert.Equal(["age", "sex", "institution_id"], dataset.Participants[0].Columns.Keys);
        Assert.Equal(["north", "south", "east", "north"], dataset.Participants.Select(p => p.Columns["institution_id"]));
        Assert.Equal("south", dataset.Images.First(i => i.Subject == "sub-02").Metadata["InstitutionName"]);
        Assert.Equal(0.12, dataset.Images.First(i => i.Suffix == "T2w").Metadata["EchoTime"]);
    }

    [Fact]
    public void The_same_seed_gives_the_same_files_and_another_seed_others()
    {
        Create("a", 2, ["T1w", "T2w"], [16, 16, 2], seed: 5);
        Create("b", 2, ["T1w", "T2w"], [16, 16, 2], seed: 5);
        Create("c", 2, ["T1w", "T2w"], [16, 16, 2], seed: 6);
        Assert.Equal(Hashes("a"), Hashes("b"));
        Assert.NotEqual(Hashes("a")["sub-01/anat/sub-01_T1w.nii.gz"], Hashes("c")["sub-01/anat/sub-01_T1w.nii.gz"]);
    }

    /// <summary>A subject and a contrast look the same whatever else is made with them.</summary>
    [Fact]
    public void An_image_does_not_depend_on_what_else_is_made()
    {
        Create("a", 1, ["T2w"], [16, 16, 2]);
        Create("b", 3, ["T1w", "T2w"], [16, 16, 2]);
        Assert.Equal(Hashes("a")["sub-01/anat/sub-01_T2w.nii.gz"], Hashes("b")["sub-01/anat/sub-01_T2w.nii.gz"]);
    }

    [Fact]
    public void Labels_are_where_the_anatomy_is()
    {
        var image = Create("p", 1, ["T2w"], [64, 64, 16]).Images[0];
        var volume = ImageFile.Read(image.Path);
        var (cord, csf) = (ImageFile.Read(image.Labels["_seg-cord"]), ImageFile.Read(image.Labels["_seg-csf"]));
        Assert.Equal((1, 1, 3), volume.Geometry.Spacing);
        Assert.Equal("RAS", Orientation.Codes(volume.Geometry.Affine));
        Assert.Equal(volume.Geometry.Affine, cord.Geometry.Affine);
        Assert.DoesNotContain(true, cord.Voxels.Zip(csf.Voxels, (a, b) => a > 0 && b > 0));
        const int Slice = 64 * 64;
        for (var z = 0; z < 16; z++)
        {
            Assert.InRange(cord.Voxels.AsSpan(z * Slice, Slice).Count(1f), 60, 130);
            Assert.InRange(csf.Voxels.AsSpan(z * Slice, Slice).Count(1f), 100, 260);
        }

        Assert.True(MeanIn(volume, csf) > 1.5 * MeanIn(volume, cord), "fluid must be bright in T2w");
        Assert.InRange(volume.Voxels.Min(), 0, 60);
        Assert.InRange(volume.Voxels.Max(), 700, 2000);
    }

    [Fact]
    public void The_field_of_view_does_not_depend_on_the_size()
    {
        var geometry = ImageFile.ReadInfo(Create("p", 1, ["T2w"], [32, 128, 4]).Images[0].Path).Geometry;
        Assert.Equal((2, 0.5, 12), geometry.Spacing);
        Assert.Equal([-31, -31.75, -18], [geometry.Affine[3], geometry.Affine[7], geometry.Affine[11]]);
    }

    /// <summary>Digests of the voxels as every platform must give them.</summary>
    [Fact]
    public void Voxels_are_the_same_on_every_platform()
    {
        var image = Create("p", 1, ["T2star"], [32, 32, 4], seed: 42).Images[0];
        Assert.Equal("732d13100f72ef54", Digest(image.Path));
        Assert.Equal("b52bca5bd9544860", Digest(image.Labels["_seg-cord"]));
    }

    [Fact]
    public void Nothing_is_overwritten()
    {
        Directory.CreateDirectory(_folder.File("p"));
        Create("p", 1, ["T1w"], [16, 16, 1]);
        var error = Assert.Throws<SegException>(() => Create("p", 1, ["T1w"], [16, 16, 1]));
        Assert.Equal("FolderNotEmpty", error.ErrorId);
        File.WriteAllText(_folder.File("file"), "x");
        Assert.Equal("FolderNotEmpty", Assert.Throws<SegException>(() => Create("file", 1, ["T1w"], [16, 16, 1])).ErrorId);
        Assert.Equal("x", File.ReadAllText(_folder.File("file")));
    }

    [Theory]
    [InlineData(0, "T1w", 16)]
    [InlineData(10_000, "T1w", 16)]
    [InlineData(1, "T9w", 16)]
    [InlineData(1, "", 16)]
    [InlineData(1, "T1w,T1w", 16)]
    [InlineData(1, "T1w", 15)]
    [InlineData(1, "T1w", 513)]
    public void Bad_arguments_are_refused_before_anything_is_written(int subjects, string contrasts, int size)
    {
        var names = contrasts.Split(',', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("PhantomArgument", Assert.Throws<SegException>(() => Create("p", subjects, names, [size, 16, 1])).ErrorId);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Cancellation_leaves_nothing_behind()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        var request = new PhantomRequest(_folder.File("p"), 1, ["T1w"], 1, [16, 16, 1]);
        Assert.ThrowsAny<OperationCanceledException>(() => Phantom.Create(request, SilentObserver.Instance, source.Token));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    private static double MeanIn(Volume volume, Volume mask)
    {
        var inside = volume.Voxels.Where((_, i) => mask.Voxels[i] > 0).ToList();
        return inside.Average();
    }

    private static string Digest(string path) =>
        Convert.ToHexStringLower(SHA256.HashData(Array.ConvertAll(ImageFile.Read(path).Voxels, v => (short)v).SelectMany(BitConverter.GetBytes).ToArray()))[..16];

    private Dictionary<string, string> Hashes(string name) =>
        Directory.EnumerateFiles(_folder.File(name), "*", SearchOption.AllDirectories).ToDictionary(
            f => Path.GetRelativePath(_folder.File(name), f).Replace('\\', '/'),
            f => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f))));

    private BidsDataset Create(string name, int subjects, string[] contrasts, int[] size, int seed = 1)
    {
        Phantom.Create(new PhantomRequest(_folder.File(name), subjects, contrasts, seed, size), SilentObserver.Instance, CancellationToken.None);
        return BidsScanner.Scan(new DatasetRequest([_folder.File(name)], [], [], []), SilentObserver.Instance, CancellationToken.None);
    }
}
