using MedSeg.Engine.Runtime;
using SkiaSharp;

namespace MedSeg.Engine.Imaging;

/// <summary>Writes 8-bit PNG files; the same pixels give the same bytes.</summary>
public static class PngFile
{
    /// <summary>Writes a gray picture.</summary>
    /// <param name="path">Final path; the file appears whole or not at all.</param>
    /// <param name="pixels">height·width values, row-major.</param>
    /// <exception cref="SegException"><c>DiskFull</c> or <c>CannotWrite</c>.</exception>
    public static void WriteGray(string path, ReadOnlySpan<byte> pixels, int height, int width) =>
        Write(path, pixels, height, width, 1, SKColorType.Gray8);

    /// <summary>Writes a colour picture.</summary>
    /// <param name="path">Final path; the file appears whole or not at all.</param>
    /// <param name="rgb">height·width·3 values, row-major, red first.</param>
    /// <exception cref="SegException"><c>DiskFull</c> or <c>CannotWrite</c>.</exception>
    public static void WriteRgb(string path, ReadOnlySpan<byte> rgb, int height, int width) =>
        Write(path, rgb, height, width, 3, SKColorType.Rgb888x);

    /// <summary>A colour picture as a file in memory.</summary>
    /// <param name="rgb">height·width·3 values, row-major, red first.</param>
    public static byte[] EncodeRgb(ReadOnlySpan<byte> rgb, int height, int width)
    {
        using SKData data = Encode(rgb, height, width, 3, SKColorType.Rgb888x);
        return data.ToArray();
    }

    private static void Write(string path, ReadOnlySpan<byte> pixels, int height, int width, int samples, SKColorType colour)
    {
        using SKData data = Encode(pixels, height, width, samples, colour);
        AtomicFile.Write(path, stream => data.SaveTo(stream));
    }

    private static SKData Encode(ReadOnlySpan<byte> pixels, int height, int width, int samples, SKColorType colour)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (pixels.Length != (long)height * width * samples)
            throw new ArgumentException($"{pixels.Length} values do not fill {height}×{width}×{samples}.", nameof(pixels));
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, colour, SKAlphaType.Opaque));
        var target = bitmap.GetPixelSpan();
        var stored = bitmap.BytesPerPixel;
        for (var row = 0; row < height; row++)
        {
            var to = target.Slice(row * bitmap.RowBytes, width * stored);
            var from = pixels.Slice(row * width * samples, width * samples);
            if (stored == samples)
            {
                from.CopyTo(to);
                continue;
            }

            for (var column = 0; column < width; column++)
            {
                from.Slice(3 * column, 3).CopyTo(to[(stored * column)..]);
                to[(stored * column) + 3] = byte.MaxValue;
            }
        }

        using var pixmap = bitmap.PeekPixels();
        return pixmap.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.AllFilters, 6))
            ?? throw new InvalidOperationException("The PNG encoder gave nothing.");
    }
}
