using System.Buffers.Binary;
using System.IO.Compression;
using MedSeg.Engine.Bids;
using MedSeg.Engine.Tests.Support;

namespace MedSeg.Engine.Tests.Bids;

/// <summary>A dataset made up for one test, in a temporary folder.</summary>
public sealed class BidsFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public BidsFolder(string name = "data")
    {
        Root = _folder.File(name);
        Directory.CreateDirectory(Root);
    }

    public string Root { get; }

    /// <summary>One subject with a T1w image and its label, a description and participants.tsv: nothing to complain about.</summary>
    public static BidsFolder Clean()
    {
        var folder = new BidsFolder();
        return folder.Text("dataset_description.json", """{"Name": "Test", "BIDSVersion": "1.9.0"}""")
            .Text("participants.tsv", "participant_id\tage\nsub-01\t30\n")
            .Image("sub-01/anat/sub-01_T1w.nii.gz")
            .Image("derivatives/labels/sub-01/anat/sub-01_T1w_seg-manual.nii.gz");
    }

    public string PathOf(string relativePath) => Path.Combine(Root, relativePath.Replace('/', Path.DirectorySeparatorChar));

    public BidsFolder Text(string relativePath, string text) => Bytes(relativePath, System.Text.Encoding.UTF8.GetBytes(text));

    public BidsFolder Bytes(string relativePath, byte[] bytes)
    {
        var path = PathOf(relativePath);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return this;
    }

    /// <summary>An intact image of x×2×2 zero voxels.</summary>
    public BidsFolder Image(string relativePath, int x = 2)
    {
        if (!relativePath.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            return Bytes(relativePath, relativePath.EndsWith(".nii", StringComparison.OrdinalIgnoreCase) ? Nifti(x) : Png);
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest))
            gzip.Write(Nifti(x));
        return Bytes(relativePath, memory.ToArray());
    }

    /// <summary>The sidecar that images without a pixel size of their own need.</summary>
    public BidsFolder PixelSize() => Text("SEM.json", """{"PixelSize": [1, 1], "PixelSizeUnits": "um"}""");

    public BidsFolder Delete(string relativePath)
    {
        File.Delete(PathOf(relativePath));
        return this;
    }

    public BidsDataset Scan(string[]? contrasts = null, string[]? targets = null, string[]? extensions = null, string? roi = null) =>
        Scan(new DatasetRequest([Root], contrasts ?? [], targets ?? [], extensions ?? []) { RoiSuffix = roi });

    public static BidsDataset Scan(DatasetRequest request) => BidsScanner.Scan(request, SilentObserver.Instance, CancellationToken.None);

    public void Dispose() => _folder.Dispose();

    /// <summary>A gray image of one pixel.</summary>
    private static byte[] Png { get; } = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==");

    private static byte[] Nifti(int x)
    {
        var file = new byte[352 + (x * 4)];
        BinaryPrimitives.WriteInt32LittleEndian(file, 348);
        short[] dim = [3, (short)x, 2, 2, 1, 1, 1, 1];
        float[] pixdim = [1, 1, 1, 1, 0, 0, 0, 0];
        for (var i = 0; i < 8; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(40 + (2 * i)), dim[i]);
            BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan(76 + (4 * i)), pixdim[i]);
        }

        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(70), 2);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(72), 8);
        BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan(108), 352);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(254), 1);
        for (var row = 0; row < 3; row++)
            BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan(280 + (20 * row)), 1);
        "n+1\0"u8.CopyTo(file.AsSpan(344));
        return file;
    }
}
