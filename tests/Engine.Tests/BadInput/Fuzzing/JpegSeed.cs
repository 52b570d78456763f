using SkiaSharp;

namespace MedSeg.Engine.Tests.BadInput.Fuzzing;

/// <summary>Sound JPEG files.</summary>
internal static class JpegSeed
{
    public static byte[] Gray(int width, int height)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Gray8, SKAlphaType.Opaque));
        new Random(width).NextBytes(bitmap.GetPixelSpan());
        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 80);
        return data.ToArray();
    }
}
