using MedSeg.Engine.Reporting;
using MedSeg.Engine.Reporting.Animation;
using MedSeg.Engine.Runtime;
using SkiaSharp;
using Xunit;

namespace MedSeg.Engine.Tests.Reporting;

public class GifFilmTests
{
    [Fact]
    public void Another_decoder_sees_every_picture_exactly_a_second_each_without_end()
    {
        Canvas[] pictures = [Noise(1, 40, 30, 200), Noise(2, 40, 30, 2), Noise(3, 40, 30, 256)];
        GifFilm film = Film(pictures);
        using SKCodec codec = SKCodec.Create(new SKMemoryStream(film.ToBytes()));
        Assert.Equal(SKEncodedImageFormat.Gif, codec.EncodedFormat);
        Assert.Equal((3, -1, 40, 30), (codec.FrameCount, codec.RepetitionCount, codec.Info.Width, codec.Info.Height));
        Assert.All(codec.FrameInfo, frame => Assert.Equal(1000, frame.Duration));
        for (int i = 0; i < pictures.Length; i++) AssertSame(pictures[i], Decode(codec, i), 0);
    }

    [Fact]
    public void Long_runs_of_codes_are_decoded()
    {
        // 300×300 pixels of noise fill the table of 4096 codes many times; one colour makes the longest strings.
        foreach (Canvas picture in (Canvas[])[Noise(4, 300, 300, 256), new Canvas(300, 300), Noise(5, 1, 1, 2), Noise(6, 257, 3, 3)])
        {
            using SKCodec codec = SKCodec.Create(new SKMemoryStream(Film([picture]).ToBytes()));
            AssertSame(picture, Decode(codec, 0), 0);
        }
    }

    [Fact]
    public void More_colours_than_fit_become_near_ones()
    {
        var picture = new Canvas(64, 64);
        for (int i = 0; i < 64 * 64; i++) picture[i / 64, i % 64] = new Rgb((byte)(4 * (i % 64)), (byte)(4 * (i / 64)), 0);
        using SKCodec codec = SKCodec.Create(new SKMemoryStream(Film([picture]).ToBytes()));
        AssertSame(picture, Decode(codec, 0), 12);
    }

    [Fact]
    public void A_film_that_was_read_goes_on_where_it_is_cut()
    {
        Canvas[] pictures = [Noise(1, 20, 10, 50), Noise(2, 20, 10, 50), Noise(3, 20, 10, 50)];
        GifFilm whole = Film(pictures);
        GifFilm read = GifFilm.Parse(whole.ToBytes())!;
        Assert.Equal([1, 2, 3], read.Frames.Select(f => f.Number));
        Assert.Equal(whole.ToBytes(), read.ToBytes());
        Assert.Equal(whole.ToBytes(), read.With(2, pictures[1]).With(3, pictures[2]).ToBytes());
    }

    [Fact]
    public void Anything_else_is_not_a_film()
    {
        byte[] bytes = Film([Noise(1, 20, 10, 50), Noise(2, 20, 10, 50)]).ToBytes();
        for (int length = 0; length < bytes.Length; length++) Assert.Null(GifFilm.Parse(bytes[..length]));
        Assert.Null(GifFilm.Parse([.. bytes, 0]));
        var random = new RandomStream(8);
        for (int i = 0; i < 2000; i++)
        {
            byte[] damaged = [.. bytes];
            damaged[random.Next(damaged.Length)] ^= (byte)(1 + random.Next(255));
            GifFilm.Parse(damaged);
        }
    }

    private static GifFilm Film(Canvas[] pictures)
    {
        var film = new GifFilm(pictures[0].Width, pictures[0].Height, []);
        for (int i = 0; i < pictures.Length; i++) film = film.With(i + 1, pictures[i]);
        return film;
    }

    private static Canvas Noise(long seed, int width, int height, int colors)
    {
        var random = new RandomStream(seed);
        var canvas = new Canvas(width, height);
        for (int i = 0; i < width * height; i++)
        {
            int color = random.Next(colors);
            canvas[i / width, i % width] = new Rgb((byte)color, (byte)(255 - color), (byte)(color * 7));
        }

        return canvas;
    }

    private static SKBitmap Decode(SKCodec codec, int frame)
    {
        var bitmap = new SKBitmap(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Premul));
        Assert.Equal(SKCodecResult.Success, codec.GetPixels(bitmap.Info, bitmap.GetPixels(), new SKCodecOptions(frame)));
        return bitmap;
    }

    private static void AssertSame(Canvas expected, SKBitmap actual, int tolerance)
    {
        using (actual)
        {
            for (int i = 0; i < expected.Width * expected.Height; i++)
            {
                Rgb e = expected[i / expected.Width, i % expected.Width];
                SKColor a = actual.GetPixel(i % expected.Width, i / expected.Width);
                if (Math.Abs(e.R - a.Red) > tolerance || Math.Abs(e.G - a.Green) > tolerance || Math.Abs(e.B - a.Blue) > tolerance)
                    Assert.Fail($"Pixel {i} is {a} where {e} is expected.");
            }
        }
    }
}
