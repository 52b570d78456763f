using MedSeg.Engine.Imaging;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Imaging;

/// <summary>
/// Files that must not be read. Each gives one error with a stable id that names the file and the field and says what to
/// do, and none makes the reader allocate more than the file can justify.
/// </summary>
public sealed class HostileNiftiTests : IDisposable
{
    private const long MostBytesAllocated = 2 << 20;
    private readonly TemporaryFolder _folder = new();

    private static readonly Dictionary<string, (string File, Func<byte[]> Bytes, string ErrorId, string Field)> Cases = new()
    {
        ["empty .nii"] = ("a.nii", () => [], "NiftiEmpty", "sizeof_hdr"),
        ["empty .nii.gz"] = ("a.nii.gz", () => [], "NiftiEmpty", "sizeof_hdr"),
        ["three bytes"] = ("a.nii", () => [0x5c, 1, 0], "NiftiNotAnImage", "sizeof_hdr"),
        ["web page"] = ("a.nii", () => "<!DOCTYPE html><html><body>404 Not Found</body></html>"u8.ToArray(), "NiftiNotAnImage", "sizeof_hdr"),
        ["web page named .nii.gz"] = ("a.nii.gz", () => "\n<html><title>Sign in</title></html>"u8.ToArray(), "NiftiNotAnImage", "sizeof_hdr"),
        ["compressed web page"] = ("a.nii.gz", () => NiftiBuilder.Compress("<html></html>"u8.ToArray()), "NiftiNotAnImage", "sizeof_hdr"),
        ["version-control pointer"] = ("a.nii.gz", () => "version https://git-lfs.github.com/spec/v1\n"u8.ToArray(), "NiftiNotAnImage", "sizeof_hdr"),
        ["gzip of nothing"] = ("a.nii.gz", () => Convert.FromHexString("1f8b080000000000000303000000000000000000"), "NiftiNotAnImage", "sizeof_hdr"),
        ["gzip magic alone"] = ("a.nii.gz", () => [0x1f, 0x8b], "NiftiNotAnImage", "sizeof_hdr"),
        ["gzip header of another method"] = ("a.nii.gz", () => [0x1f, 0x8b, 7, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3, 4], "NiftiGzipDamaged", "gzip stream"),
        ["random bytes"] = ("a.nii", () => [.. Enumerable.Range(0, 1000).Select(i => (byte)((i * 167) + 13))], "NiftiHeaderSize", "sizeof_hdr"),
        ["zeros"] = ("a.nii", () => new byte[1000], "NiftiHeaderSize", "sizeof_hdr"),
        ["sizeof_hdr 347"] = ("a.nii", () => new NiftiBuilder { SizeOfHeader = 347 }.File(), "NiftiHeaderSize", "sizeof_hdr"),
        ["sizeof_hdr -1"] = ("a.nii", () => new NiftiBuilder { SizeOfHeader = -1 }.File(), "NiftiHeaderSize", "sizeof_hdr"),
        ["version 2 size on a version 1 header"] = ("a.nii", () => new NiftiBuilder { SizeOfHeader = 540, Data = new byte[500] }.File(), "NiftiMagic", "magic"),
        ["DICOM"] = ("a.nii", () => [.. new byte[128], .. "DICM"u8, .. new byte[500]], "NiftiHeaderSize", "sizeof_hdr"),
        ["PNG"] = ("a.nii", () => [0x89, .. "PNG\r\n\x1a\n"u8, .. new byte[500]], "NiftiHeaderSize", "sizeof_hdr"),
        ["header cut after 4 bytes"] = ("a.nii", () => new NiftiBuilder().File()[..4], "NiftiTruncated", "header"),
        ["header cut after 100 bytes"] = ("a.nii", () => new NiftiBuilder().File()[..100], "NiftiTruncated", "header"),
        ["header cut after 347 bytes"] = ("a.nii.gz", () => NiftiBuilder.Compress(new NiftiBuilder().File()[..347]), "NiftiTruncated", "header"),
        ["version 2 header cut"] = ("a.nii", () => new NiftiBuilder { Version = 2 }.File()[..539], "NiftiTruncated", "header"),
        ["cut before the extension"] = ("a.nii.gz", () => NiftiBuilder.Compress(new NiftiBuilder().File()[..350]), "NiftiTruncated", "extension"),
        ["voxels cut"] = ("a.nii", () => new NiftiBuilder().File()[..^1], "NiftiTruncated", "dim"),
        ["compressed voxels cut"] = ("a.nii.gz", () => NiftiBuilder.Compress(new NiftiBuilder().File()[..^1]), "NiftiTruncated", "dim"),
        ["no voxels"] = ("a.nii", () => new NiftiBuilder { Data = [] }.File(), "NiftiTruncated", "dim"),
        ["magic of zeros (ANALYZE)"] = ("a.nii", () => new NiftiBuilder { Magic = new byte[4] }.File(), "NiftiMagic", "magic"),
        ["magic of a pair in one file"] = ("a.nii", () => new NiftiBuilder { Magic = "ni1\0"u8.ToArray() }.File(), "NiftiMagic", "magic"),
        ["magic without its zero"] = ("a.nii", () => new NiftiBuilder { Magic = "n+1 "u8.ToArray() }.File(), "NiftiMagic", "magic"),
        ["version 2 magic with a changed line end"] =
            ("a.nii", () => new NiftiBuilder { Version = 2, Magic = "n+2\0\n\x1a\n\0"u8.ToArray() }.File(), "NiftiMagic", "magic"),
        ["datatype 0"] = ("a.nii", () => new NiftiBuilder { DataType = 0 }.File(), "NiftiDataType", "datatype"),
        ["datatype 3"] = ("a.nii", () => new NiftiBuilder { DataType = 3 }.File(), "NiftiDataType", "datatype"),
        ["datatype -4"] = ("a.nii", () => new NiftiBuilder { DataType = -4 }.File(), "NiftiDataType", "datatype"),
        ["complex64"] = ("a.nii", () => new NiftiBuilder { DataType = 32, BitPix = 64 }.File(), "NiftiDataTypeUnsupported", "datatype"),
        ["complex128"] = ("a.nii", () => new NiftiBuilder { DataType = 1792, BitPix = 128 }.File(), "NiftiDataTypeUnsupported", "datatype"),
        ["float128"] = ("a.nii", () => new NiftiBuilder { DataType = 1536, BitPix = 128 }.File(), "NiftiDataTypeUnsupported", "datatype"),
        ["binary"] = ("a.nii", () => new NiftiBuilder { DataType = 1, BitPix = 1 }.File(), "NiftiDataTypeUnsupported", "datatype"),
        ["bitpix of another type"] = ("a.nii", () => new NiftiBuilder { BitPix = 32 }.File(), "NiftiBitpix", "bitpix"),
        ["bitpix negative"] = ("a.nii", () => new NiftiBuilder { BitPix = -16 }.File(), "NiftiBitpix", "bitpix"),
        ["no axes"] = ("a.nii", () => Dim(0, 2, 3, 4), "NiftiDimensions", "dim[0]"),
        ["eight axes"] = ("a.nii", () => Dim(8, 2, 3, 4), "NiftiDimensions", "dim[0]"),
        ["negative number of axes"] = ("a.nii", () => Dim(-3, 2, 3, 4), "NiftiDimensions", "dim[0]"),
        ["axis of 0"] = ("a.nii", () => Dim(3, 2, 0, 4), "NiftiDimensions", "dim[2]"),
        ["axis of -2"] = ("a.nii", () => Dim(3, 2, 3, -2), "NiftiDimensions", "dim[3]"),
        ["fourth axis of 0"] = ("a.nii", () => Dim(4, 2, 3, 4, 0), "NiftiDimensions", "dim[4]"),
        ["six axes in use"] = ("a.nii", () => Dim(6, 2, 3, 4, 1, 1, 2), "NiftiDimensionsUnsupported", "dim[6]"),
        ["lying size, plain"] = ("a.nii", () => Dim(3, 30000, 30000, 30000), "NiftiTruncated", "dim"),
        ["lying size, compressed"] = ("a.nii.gz", () => NiftiBuilder.Compress(Dim(3, 30000, 30000, 30000)), "NiftiTruncated", "dim"),
        ["size that a compressed file could just hold"] = ("a.nii.gz", () => NiftiBuilder.Compress(Dim(3, 200, 200, 2)), "NiftiTruncated", "dim"),
        ["20 MB of voxels that a compressed file of 20 kB could just hold"] =
            ("a.nii.gz", () => Noise(data => new() { Dim = [3, 200, 250, 200, 1, 1, 1, 1], Data = data }).Gzip(), "NiftiTruncated", "dim"),
        ["product beyond 64 bits"] = ("a.nii", () => Dim2(5, 2147483647, 2147483647, 2147483647, 2147483647, 2147483647), "NiftiDimensions", "dim[3]"),
        ["product that wraps to a small number"] = ("a.nii", () => Dim2(4, 65536, 65536, 65536, 65536), "NiftiDimensions", "dim[4]"),
        ["axis beyond 32 bits"] = ("a.nii", () => Dim2(3, 1L << 40, 1, 1), "NiftiTooLarge", "dim[1]"),
        ["axis of the lowest 64-bit number"] = ("a.nii", () => Dim2(3, 2, long.MinValue, 1), "NiftiDimensions", "dim[2]"),
        ["vox_offset in the header"] = ("a.nii", () => new NiftiBuilder { VoxOffset = 100 }.File(), "NiftiVoxOffset", "vox_offset"),
        ["vox_offset negative"] = ("a.nii", () => new NiftiBuilder { VoxOffset = -352 }.File(), "NiftiVoxOffset", "vox_offset"),
        ["vox_offset not a number"] = ("a.nii", () => new NiftiBuilder { VoxOffset = double.NaN }.File(), "NiftiVoxOffset", "vox_offset"),
        ["vox_offset infinite"] = ("a.nii", () => new NiftiBuilder { VoxOffset = double.PositiveInfinity }.File(), "NiftiVoxOffset", "vox_offset"),
        ["vox_offset between bytes"] = ("a.nii", () => new NiftiBuilder { VoxOffset = 352.5 }.File(), "NiftiVoxOffset", "vox_offset"),
        ["vox_offset 1e20"] = ("a.nii", () => new NiftiBuilder { VoxOffset = 1e20 }.File(), "NiftiVoxOffset", "vox_offset"),
        ["vox_offset past the end"] = ("a.nii", () => new NiftiBuilder { VoxOffset = 100000 }.File(), "NiftiTruncated", "dim"),
        ["vox_offset past the end, compressed"] =
            ("a.nii.gz", () => new NiftiBuilder { VoxOffset = 4000 }.Gzip(), "NiftiTruncated", "vox_offset"),
        ["version 2 vox_offset of the largest 64-bit number"] =
            ("a.nii", () => new NiftiBuilder { Version = 2, VoxOffset = 9e18 }.File(), "NiftiVoxOffset", "vox_offset"),
        ["sform not a number"] = ("a.nii", () => Sform(double.NaN), "NiftiAffine", "srow_x"),
        ["sform infinite"] = ("a.nii", () => Sform(double.NegativeInfinity), "NiftiAffine", "srow_x"),
        ["sform of zeros"] = ("a.nii", () => new NiftiBuilder { SRow = new double[12] }.File(), "NiftiAffine", "srow_x"),
        ["sform in one plane"] = ("a.nii", () => new NiftiBuilder { SRow = [1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0] }.File(), "NiftiAffine", "srow_x"),
        ["quaternion not a number"] =
            ("a.nii", () => new NiftiBuilder { Sform = 0, Qform = 1, Quatern = [0, double.NaN, 0] }.File(), "NiftiAffine", "quatern_c"),
        ["qoffset not a number"] =
            ("a.nii", () => new NiftiBuilder { Sform = 0, Qform = 1, QOffset = [0, double.NaN, 0] }.File(), "NiftiAffine", "qoffset_y"),
        ["pixdim not a number"] =
            ("a.nii", () => new NiftiBuilder { Sform = 0, PixDim = [1, 1, double.NaN, 1, 1, 1, 1, 1] }.File(), "NiftiAffine", "pixdim[2]"),
        ["bytes after the voxels"] = ("a.nii", () => [.. new NiftiBuilder().File(), 0], "NiftiTrailingData", "voxels"),
        ["compressed bytes after the voxels"] = ("a.nii.gz", () => NiftiBuilder.Compress([.. new NiftiBuilder().File(), 1]), "NiftiTrailingData", "voxels"),
        ["bytes after the gzip stream"] = ("a.nii.gz", () => [.. new NiftiBuilder().Gzip(), .. "trailing"u8], "NiftiTrailingData", "gzip stream"),
        ["another gzip header after the stream"] = ("a.nii.gz", () => [.. new NiftiBuilder().Gzip(), 0x1f, 0x8b, 8, 0], "NiftiTruncated", "gzip stream"),
        ["gzip without its length"] = ("a.nii.gz", () => new NiftiBuilder().Gzip()[..^4], "NiftiTruncated", "gzip stream"),
        ["gzip without its checksum"] = ("a.nii.gz", () => new NiftiBuilder().Gzip()[..^8], "NiftiTruncated", "gzip stream"),
        ["gzip cut in the middle"] = ("a.nii.gz", () => Noise().Gzip()[..5000], "NiftiTruncated", "dim"),
        ["gzip with a wrong checksum"] = ("a.nii.gz", () => Changed(new NiftiBuilder().Gzip(), ^8), "NiftiGzipDamaged", "gzip stream"),
        ["gzip with a wrong length"] = ("a.nii.gz", () => Changed(new NiftiBuilder().Gzip(), ^1), "NiftiGzipDamaged", "gzip stream"),
        ["gzip with a changed byte"] = ("a.nii.gz", () => Changed(Noise().Gzip(), 3000), "NiftiGzipDamaged", "gzip stream"),
        ["half of a pair"] = ("a.hdr", () => new NiftiBuilder { Pair = true }.Header(), "NiftiPairIncomplete", ".img"),
        ["one file named as a pair"] = ("b.hdr", () => new NiftiBuilder().Header(), "NiftiMagic", "magic"),
    };

    public static TheoryData<string> Names => new(Cases.Keys);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void There_are_more_than_forty() => Assert.True(Cases.Count > 40);

    [Theory]
    [MemberData(nameof(Names))]
    public void Bad_files_give_one_clear_error_and_cost_little(string name)
    {
        var (file, bytes, errorId, field) = Cases[name];
        var path = _folder.File(file);
        File.WriteAllBytes(path, bytes());
        if (file == "b.hdr")
            File.WriteAllBytes(_folder.File("b.img"), new byte[48]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<SegException>(() => ImageFile.Read(path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytesAllocated);
        Assert.Equal(errorId, error.ErrorId);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(field, error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Recommendation);
        Assert.Equal(path, error.TargetItem);
    }

    [Fact]
    public void A_file_cut_at_any_byte_is_never_read()
    {
        var whole = new NiftiBuilder { Extension = [1, 0, 0, 0, 16, 0, 0, 0, 6, 0, 0, 0, .. "comment."u8] };
        var path = _folder.File("a.nii");
        foreach (var content in new[] { whole.File(), whole.Gzip() })
        {
            for (var length = 0; length < content.Length; length++)
            {
                File.WriteAllBytes(path, content[..length]);
                var error = Assert.Throws<SegException>(() => ImageFile.Read(path));
                Assert.Contains(error.ErrorId, new[] { "NiftiEmpty", "NiftiNotAnImage", "NiftiTruncated", "NiftiHeaderSize" });
            }
        }
    }

    [Fact]
    public void Any_changed_byte_of_a_header_is_read_or_refused_but_never_crashes()
    {
        var path = _folder.File("a.nii");
        for (var at = 0; at < 352; at++)
        {
            foreach (var value in new byte[] { 0, 1, 0x7f, 0x80, 0xff })
            {
                var content = new NiftiBuilder { Qform = 1 }.File();
                content[at] = value;
                File.WriteAllBytes(path, content);
                var failure = Record.Exception(() => ImageFile.Read(path));
                Assert.True(failure is null or SegException, $"byte {at} = {value}: {failure}");
            }
        }
    }

    [Fact]
    public void Missing_files_folders_and_other_formats_are_named()
    {
        Directory.CreateDirectory(_folder.File("folder.nii"));
        Assert.Equal("ImageNotFound", Assert.Throws<SegException>(() => ImageFile.Read(_folder.File("absent.nii.gz"))).ErrorId);
        Assert.Equal("ImageNotFound", Assert.Throws<SegException>(() => ImageFile.Read(_folder.File("no", "absent.nii"))).ErrorId);
        Assert.Equal("ImageCannotRead", Assert.Throws<SegException>(() => ImageFile.Read(_folder.File("folder.nii"))).ErrorId);
        Assert.Equal("ImageFormatUnknown", Assert.Throws<SegException>(() => ImageFile.Read(_folder.File("a.mgz"))).ErrorId);
        Assert.Equal("ImageFormatUnknown", Assert.Throws<SegException>(() => ImageFile.ReadInfo(_folder.File("a"))).ErrorId);
    }

    private static byte[] Dim(params long[] dim) => new NiftiBuilder { Dim = [.. dim, .. Enumerable.Repeat(1L, 8 - dim.Length)], Data = new byte[48] }.File();

    private static byte[] Dim2(params long[] dim) =>
        new NiftiBuilder { Version = 2, Dim = [.. dim, .. Enumerable.Repeat(1L, 8 - dim.Length)], Data = new byte[48] }.File();

    private static byte[] Sform(double value) => new NiftiBuilder { SRow = [1, 0, 0, value, 0, 1, 0, 0, 0, 0, 1, 0] }.File();

    private static NiftiBuilder Noise() => Noise(data => new() { Dim = [3, 100, 100, 1, 1, 1, 1, 1], Data = data });

    private static NiftiBuilder Noise(Func<byte[], NiftiBuilder> make)
    {
        var data = new byte[20000];
        new Random(7).NextBytes(data);
        return make(data);
    }

    private static byte[] Changed(byte[] bytes, Index at)
    {
        bytes[at] ^= 0xff;
        return bytes;
    }
}
