using System.IO.Compression;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Tests.Imaging;

namespace MedSeg.Engine.Tests.BadInput;

/// <summary>Files that are called NIfTI images and are something else, or half of one.</summary>
internal static class BadVolumes
{
    public static IEnumerable<BadCase> Cases =>
    [
        Case("DICOM renamed to .nii.gz", "scan.nii.gz", Dicom(), "NiftiHeaderSize", "sizeof_hdr"),
        Case("DICOM compressed", "scan.nii.gz", NiftiBuilder.Compress(Dicom()), "NiftiHeaderSize", "sizeof_hdr"),
        Case("DICOM without preamble", "scan.nii", [8, 0, 5, 0, (byte)'C', (byte)'S', 10, 0, .. "ISO_IR 100"u8, .. new byte[400]], "NiftiHeaderSize", "sizeof_hdr"),
        Case("ZIP archive", "scan.nii.gz", [(byte)'P', (byte)'K', 3, 4, 20, 0, .. new byte[400]], "NiftiHeaderSize", "sizeof_hdr"),
        Case("tar archive in gzip", "scan.nii.gz", NiftiBuilder.Compress([.. "sub-01_T1w.nii"u8, .. new byte[1010]]), "NiftiNotAnImage", "sizeof_hdr"),
        Case("compressed twice", "scan.nii.gz", NiftiBuilder.Compress(NiftiBuilder.Compress(Sound())), "NiftiHeaderSize", "sizeof_hdr"),
        Case("compressed by bzip2", "scan.nii.gz", [.. "BZh91AY&SY"u8, .. new byte[300]], "NiftiNotAnImage", "sizeof_hdr"),
        Case("compressed by xz", "scan.nii.gz", [0xFD, .. "7zXZ"u8, 0, .. new byte[300]], "NiftiHeaderSize", "sizeof_hdr"),
        Case("compressed by Zstandard", "scan.nii.gz", [0x28, 0xB5, 0x2F, 0xFD, .. new byte[300]], "NiftiHeaderSize", "sizeof_hdr"),
        Case("compressed by zlib without gzip", "scan.nii.gz", Zlib(Sound()), "NiftiHeaderSize", "sizeof_hdr"),
        Case("MINC or HDF5", "scan.nii", [0x89, .. "HDF\r\n\x1a\n"u8, .. new byte[500]], "NiftiHeaderSize", "sizeof_hdr"),
        Case("NRRD", "scan.nii", "NRRD0004\ntype: short\ndimension: 3\n"u8.ToArray(), "NiftiNotAnImage", "sizeof_hdr"),
        Case("MetaImage", "scan.nii", "ObjectType = Image\nNDims = 3\n"u8.ToArray(), "NiftiNotAnImage", "sizeof_hdr"),
        Case("MATLAB file", "scan.nii", [.. "MATLAB 5.0 MAT-file, Platform: PCWIN64"u8, .. new byte[200]], "NiftiNotAnImage", "sizeof_hdr"),
        Case("FreeSurfer volume", "scan.nii.gz", NiftiBuilder.Compress([0, 0, 0, 1, 0, 0, 1, 0, .. new byte[500]]), "NiftiHeaderSize", "sizeof_hdr"),
        Case("PDF report", "scan.nii", "%PDF-1.7\n"u8.ToArray(), "NiftiNotAnImage", "sizeof_hdr"),
        Case("Word document", "scan.nii", [0xD0, 0xCF, 0x11, 0xE0, .. new byte[600]], "NiftiHeaderSize", "sizeof_hdr"),
        Case("JSON error of a server", "scan.nii.gz", """{"error": "token expired"}"""u8.ToArray(), "NiftiNotAnImage", "sizeof_hdr"),
        Case("XML error with a byte order mark", "scan.nii.gz", [0xEF, 0xBB, 0xBF, .. "<?xml version=\"1.0\"?><Error/>"u8], "NiftiNotAnImage", "sizeof_hdr"),
        Case("git-annex pointer", "scan.nii.gz", "/annex/objects/MD5E-s512--0f3a.nii.gz\n"u8.ToArray(), "NiftiNotAnImage", "sizeof_hdr"),
        Case("sidecar saved in the image's place", "scan.nii.gz", "{\r\n  \"EchoTime\": 0.08\r\n}"u8.ToArray(), "NiftiNotAnImage", "sizeof_hdr"),
        Case("Base64 of an e-mail", "scan.nii.gz", System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(NiftiBuilder.Compress(Sound()))), "NiftiNotAnImage", "sizeof_hdr"),
        Case("copy of zeros in full length", "scan.nii.gz", new byte[4096], "NiftiHeaderSize", "sizeof_hdr"),
        Case("second half of a copy is zeros", "scan.nii.gz", HalfCopied(), "NiftiGzipDamaged", "gzip stream"),
        Case("padded with NUL to a block", "scan.nii", [.. Sound(), .. new byte[4096 - (Sound().Length % 4096)]], "NiftiTrailingData", "voxels"),
        Case("copied as text (line ends changed)", "scan.nii.gz", AsText(Stored(new NiftiBuilder { Dim = [3, 40, 20, 1, 1, 1, 1, 1], Data = [.. Enumerable.Repeat((byte)10, 1600)] }.File())), "NiftiGzipDamaged", "gzip stream"),
        Case("two images in one file", "scan.nii", [.. Sound(), .. Sound()], "NiftiTrailingData", "voxels"),
        Case("two images in one gzip file", "scan.nii.gz", [.. NiftiBuilder.Compress(Sound()), .. NiftiBuilder.Compress(Sound())], "NiftiTrailingData", "voxels"),
        Case("signature page after the gzip stream", "scan.nii.gz", [.. NiftiBuilder.Compress(Sound()), .. "<html></html>"u8], "NiftiTrailingData", "gzip stream"),
        Case("RGB with the bits of gray", "scan.nii", new NiftiBuilder { DataType = 128, BitPix = 8 }.File(), "NiftiBitpix", "bitpix"),
        Case("name of an unfinished download", "scan.nii.gz.part", Sound(), "ImageFormatUnknown", "file name"),
        Case("name of a cloud placeholder", ".scan.nii.gz.icloud", "bplist00"u8.ToArray(), "ImageFormatUnknown", "file name"),
        Case("name of another format", "scan.mha", "ObjectType = Image\n"u8.ToArray(), "ImageFormatUnknown", "file name"),
        Case("name without extension", "IM000001", Dicom(), "ImageFormatUnknown", "file name"),
        Pair("pair whose .img is short", new NiftiBuilder { Pair = true }.Header(), new byte[10], "NiftiTruncated", "dim"),
        Pair("pair whose .img is empty", new NiftiBuilder { Pair = true }.Header(), [], "NiftiTruncated", "dim"),
        Pair("pair whose .img is long", new NiftiBuilder { Pair = true }.Header(), new byte[500], "NiftiTrailingData", "voxels", "scan.img"),
        Pair("pair of ANALYZE 7.5", new NiftiBuilder { Pair = true, Magic = new byte[4] }.Header(), new byte[48], "NiftiMagic", "ANALYZE"),
        Pair("pair whose header is a web page", "<html></html>"u8.ToArray(), new byte[48], "NiftiNotAnImage", "sizeof_hdr"),
        new(
            "image without its header", "scan.hdr", folder => folder.Bytes("scan.img", new byte[48]),
            folder => BadFolder.Try(() => ImageFile.Read(folder.PathOf("scan.img"))), "ImageNotFound", "scan.hdr"),
    ];

    private static BadCase Case(string name, string file, byte[] bytes, string id, string says) => new(
        name, file, folder => folder.Bytes(file, bytes), folder => BadFolder.Try(() => ImageFile.Read(folder.PathOf(file))), id, says);

    private static BadCase Pair(string name, byte[] header, byte[] image, string id, string says, string file = "scan.hdr") => new(
        name, file, folder => folder.Bytes("scan.hdr", header).Bytes("scan.img", image),
        folder => BadFolder.Try(() => ImageFile.Read(folder.PathOf("scan.hdr"))), id, says);

    private static byte[] Sound() => new NiftiBuilder().File();

    private static byte[] Dicom() => [.. new byte[128], .. "DICM"u8, 2, 0, 0, 0, (byte)'U', (byte)'L', 4, 0, .. new byte[400]];

    private static NiftiBuilder Noise()
    {
        var data = new byte[20000];
        new Random(5).NextBytes(data);
        return new NiftiBuilder { Dim = [3, 100, 100, 1, 1, 1, 1, 1], Data = data };
    }

    /// <summary>The system had made the file as long as it was to be when the copy stopped.</summary>
    private static byte[] HalfCopied()
    {
        var whole = Noise().Gzip();
        Array.Clear(whole, whole.Length / 2, whole.Length - (whole.Length / 2));
        return whole;
    }

    private static byte[] AsText(byte[] bytes) => [.. bytes.SelectMany(b => b == '\n' ? (byte[])[(byte)'\r', b] : [b])];

    /// <summary>Gzip of one block without compression (RFC 1951, 3.2.4), the same with every version of zlib.</summary>
    private static byte[] Stored(byte[] content)
    {
        var (length, crc) = ((ushort)content.Length, Crc32.Of(content));
        return
        [
            0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 1, .. BitConverter.GetBytes(length), .. BitConverter.GetBytes((ushort)~length), .. content,
            .. BitConverter.GetBytes(crc), .. BitConverter.GetBytes(content.Length),
        ];
    }

    private static byte[] Zlib(byte[] content)
    {
        using var memory = new MemoryStream();
        using (var zlib = new ZLibStream(memory, CompressionLevel.Fastest))
            zlib.Write(content);
        return memory.ToArray();
    }
}
