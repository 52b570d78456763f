using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Bids.Checks;

/// <summary>What a file really holds, by its first bytes, against what its name says.</summary>
internal sealed class FileFormatCheck : IBidsCheck
{
    private const string Gzip = "gzip-compressed data";
    private const string Nifti = "an uncompressed NIfTI image";
    private const string Png = "a PNG picture";
    private const string Tiff = "a TIFF picture";
    private const string Jpeg = "a JPEG picture";

    public static readonly FindingKind MislabelledFile = new(
        "MislabelledFile", FindingSeverity.Warning,
        "Rename the file after its content or convert it; fetch it again where it is no image at all.");

    public IReadOnlyList<FindingKind> Kinds { get; } = [MislabelledFile];

    public IEnumerable<BidsFinding> OfFile(OpenedFile file)
    {
        var name = file.File.RelativePath;
        var expected = ImageFile.ExtensionOf(name) switch
        {
            ".nii.gz" => Gzip,
            ".nii" or ".hdr" => Nifti,
            ".png" => Png,
            ".jpg" or ".jpeg" => Jpeg,
            _ => Tiff,
        };
        if (Content(file.Head) is { } found && found != expected)
        {
            var named = expected == Gzip ? "a gzip-compressed NIfTI image" : expected;
            yield return file.File.Report(MislabelledFile, $"holds {found}, not {named} as its name says");
        }
    }

    private static string? Content(ReadOnlySpan<byte> head) => head switch
    {
        [0x1F, 0x8B, ..] => Gzip,
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => Png,
        [(byte)'I', (byte)'I', 42 or 43, 0, ..] or [(byte)'M', (byte)'M', 0, 42 or 43, ..] => Tiff,
        [0xFF, 0xD8, 0xFF, ..] => Jpeg,
        [(byte)'P', (byte)'K', 3, 4, ..] => "a ZIP archive",
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => "a PDF document",
        [0x89, (byte)'H', (byte)'D', (byte)'F', ..] => "an HDF5 or MINC file",
        [(byte)'N', (byte)'R', (byte)'R', (byte)'D', ..] => "an NRRD image",
        [(byte)'{' or (byte)'[', ..] => "JSON text",
        _ when head.Length >= 132 && head[128..132].SequenceEqual("DICM"u8) => "a DICOM image",
        _ when head.Length >= 4 && NiftiHeader.Detect(head) is not null => Nifti,
        _ => Text(head),
    };

    private static string? Text(ReadOnlySpan<byte> head)
    {
        var text = System.Text.Encoding.Latin1.GetString(head).TrimStart('\u00EF', '\u00BB', '\u00BF', ' ', '\t', '\r', '\n');
        if (((string[])["<!doctype", "<html"]).Any(tag => text.StartsWith(tag, StringComparison.OrdinalIgnoreCase)))
            return "a web page";
        if (text.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase))
            return "XML text";
        if (text.StartsWith("version https://git-lfs", StringComparison.Ordinal))
            return "a Git LFS pointer whose file has not been fetched";
        return text.StartsWith("/annex/objects/", StringComparison.Ordinal) ? "a git-annex pointer whose file has not been fetched" : null;
    }
}
