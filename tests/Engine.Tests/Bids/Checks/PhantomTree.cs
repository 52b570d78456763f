using System.IO.Compression;
using MedSeg.Engine.Bids;
using MedSeg.Engine.Bids.Checks;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Phantoms;
using MedSeg.Engine.Tests.Support;

namespace MedSeg.Engine.Tests.Bids.Checks;

/// <summary>A phantom dataset of three subjects and two contrasts in a temporary folder, to be damaged by one test.</summary>
public sealed class PhantomTree : IDisposable
{
    public const string Image = "sub-01/anat/sub-01_T1w.nii.gz";
    public const string Label = "derivatives/labels/sub-01/anat/sub-01_T1w_seg-cord.nii.gz";

    /// <summary>Made once; every test starts from the same bytes.</summary>
    private static readonly Lazy<IReadOnlyDictionary<string, byte[]>> Clean = new(Make);

    private readonly TemporaryFolder _folder = new();

    public PhantomTree(string name = "data")
    {
        Root = _folder.File(name);
        foreach (var (path, bytes) in Clean.Value)
            Bytes(path, bytes);
    }

    public string Root { get; }

    public string PathOf(string relativePath) => Path.Combine(Root, relativePath.Replace('/', Path.DirectorySeparatorChar));

    public PhantomTree Bytes(string relativePath, byte[] bytes)
    {
        var path = PathOf(relativePath);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return this;
    }

    public PhantomTree Text(string relativePath, string text) => Bytes(relativePath, System.Text.Encoding.UTF8.GetBytes(text));

    public byte[] Read(string relativePath) => File.ReadAllBytes(PathOf(relativePath));

    public PhantomTree Copy(string from, string to) => Bytes(to, Read(from));

    public PhantomTree Move(string from, string to)
    {
        Copy(from, to);
        File.Delete(PathOf(from));
        return this;
    }

    public PhantomTree Delete(string relativePath)
    {
        File.Delete(PathOf(relativePath));
        return this;
    }

    public Volume Volume(string relativePath) => ImageFile.Read(PathOf(relativePath));

    /// <summary>Writes a volume as float32.</summary>
    public PhantomTree Write(string relativePath, Volume volume)
    {
        NiftiFile.Write(PathOf(relativePath), volume, NiftiDataType.Float32);
        return this;
    }

    /// <summary>Changes each voxel of a file by its value.</summary>
    public PhantomTree Voxels(string relativePath, Func<float, float> change)
    {
        var volume = Volume(relativePath);
        return Write(relativePath, new Volume(Array.ConvertAll(volume.Voxels, v => change(v)), volume.Geometry));
    }

    /// <summary>Gives a file another grid of as many voxels.</summary>
    public PhantomTree Grid(string relativePath, Func<VolumeGeometry, VolumeGeometry> change)
    {
        var volume = Volume(relativePath);
        return Write(relativePath, new Volume(volume.Voxels, change(volume.Geometry)));
    }

    /// <summary>Changes the uncompressed bytes of a .nii.gz file.</summary>
    public PhantomTree Content(string relativePath, Func<byte[], byte[]> change)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest))
            gzip.Write(change(Uncompressed(relativePath)));
        return Bytes(relativePath, memory.ToArray());
    }

    public byte[] Uncompressed(string relativePath)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(new MemoryStream(Read(relativePath)), CompressionMode.Decompress))
            gzip.CopyTo(memory);
        return memory.ToArray();
    }

    public List<BidsFinding> Check(bool deep = false, FindingSeverity minimum = FindingSeverity.Information) => Check([Root], deep, minimum);

    public static List<BidsFinding> Check(IReadOnlyList<string> roots, bool deep = false, FindingSeverity minimum = FindingSeverity.Information) =>
        [.. DatasetChecker.Run(new DatasetCheckRequest(roots, [], deep, minimum), SilentObserver.Instance, CancellationToken.None)];

    public BidsDataset Scan() => BidsScanner.Scan(new DatasetRequest([Root], [], [], []), SilentObserver.Instance, CancellationToken.None);

    public void Dispose() => _folder.Dispose();

    private static Dictionary<string, byte[]> Make()
    {
        using var folder = new TemporaryFolder();
        var root = folder.File("p");
        Phantom.Create(new PhantomRequest(root, 3, ["T1w", "T2w"], 1, [20, 24, 4]), SilentObserver.Instance, CancellationToken.None);
        return Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .ToDictionary(f => Path.GetRelativePath(root, f).Replace(Path.DirectorySeparatorChar, '/'), File.ReadAllBytes);
    }
}
