using SkiaSharp;

namespace MedSeg.Engine.Imaging;

/// <summary>Reads 8-bit JPEG files as gray, by SkiaSharp.</summary>
internal static class JpegDecoder
{
    /// <summary>Every 8×8 block takes at least one bit.</summary>
    private const long MostPixelsPerByte = 512;

    /// <summary>Enough for what usually stands in front of the picture, as thumbnails and colour profiles.</summary>
    private const int UsualHeader = 1 << 18;

    /// <summary>Size and type. Of large files the first 256 KiB are read, and all only where the header is longer.</summary>
    /// <exception cref="SegException"><c>JpegEmpty</c> or <c>JpegNotAnImage</c>.</exception>
    public static RasterInfo ReadInfo(string path)
    {
        using var file = ImageErrors.Open(path);
        var head = ImageBytes.Head(file, path, UsualHeader);
        using var codec = TryOpen(head) ?? Open(path, head.Length < UsualHeader || !IsJpeg(head) ? head : ImageBytes.ReadAll(path));
        return new(codec.Info.Height, codec.Info.Width, "uint8");
    }

    /// <exception cref="SegException"><c>JpegEmpty</c>, <c>JpegNotAnImage</c> or <c>JpegDamaged</c>.</exception>
    public static GrayImage Read(string path)
    {
        var bytes = ImageBytes.ReadAll(path);
        using var codec = Open(path, bytes);
        var (height, width) = (codec.Info.Height, codec.Info.Width);
        if ((long)height * width > MostPixelsPerByte * bytes.Length)
        {
            throw ImageErrors.Invalid("JpegDamaged", path, "SOF", $"{bytes.Length} bytes cannot hold {width}×{height} pixels.",
                "Fetch or export the file again.");
        }

        if ((long)height * width > Array.MaxLength / 4)
            throw ImageErrors.Unsupported("ImageTooLarge", path, "SOF", $"{width}×{height} pixels.", "Split the image.");
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var result = codec.GetPixels(bitmap.Info, bitmap.GetPixels());
        if (result != SKCodecResult.Success)
        {
            throw ImageErrors.Invalid("JpegDamaged", path, "scan data", $"the pixels could not be decoded ({result}).",
                "Fetch or export the file again.");
        }

        var pixels = new float[height * width];
        var source = bitmap.GetPixelSpan();
        for (var i = 0; i < pixels.Length; i++)
        {
            var at = (i / width * bitmap.RowBytes) + (i % width * 4);
            pixels[i] = GrayImage.Luma(source[at], source[at + 1], source[at + 2], 255);
        }

        return new(height, width, pixels);
    }

    private static SKCodec Open(string path, byte[] bytes)
    {
        if (bytes.Length == 0)
            throw ImageErrors.Invalid("JpegEmpty", path, "SOI", "the file is empty.", "Fetch or export the file again.");
        return TryOpen(bytes) ?? throw ImageErrors.Invalid("JpegNotAnImage", path, "SOI", "the content is not a JPEG image.",
            "Check the file's type; rename or fetch it again.");
    }

    private static SKCodec? TryOpen(byte[] bytes)
    {
        if (!IsJpeg(bytes))
            return null;
        using var data = SKData.CreateCopy(bytes);
        return SKCodec.Create(data);
    }

    private static bool IsJpeg(byte[] bytes) => bytes is [0xff, 0xd8, ..];
}
