using BitMiracle.LibTiff.Classic;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Tests.Support;
using SkiaSharp;
using Xunit;

namespace MedSeg.Engine.Tests.Imaging;

public sealed class PictureTests : IDisposable
{
    private static readonly Dictionary<string, object?> Micrometres = new() { ["PixelSize"] = new object?[] { 1.0, 2.0 }, ["PixelSizeUnits"] = "um" };
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<int, int, int> PngKinds
    {
        get
        {
            var kinds = new TheoryData<int, int, int>();
            foreach (var interlace in new[] { 0, 1 })
            {
                foreach (var (colour, depths) in new[] { (0, "1 2 4 8 16"), (2, "8 16"), (3, "1 2 4 8"), (4, "8 16"), (6, "8 16") })
                {
                    foreach (var depth in depths.Split(' '))
                        kinds.Add(colour, int.Parse(depth, System.Globalization.CultureInfo.InvariantCulture), interlace);
                }
            }

            return kinds;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(PngKinds))]
    public void Every_kind_of_PNG_reads_as_gray_from_0_to_255(int colour, int depth, int interlace)
    {
        var maximum = (1 << depth) - 1;
        var palette = Enumerable.Range(0, 3 << depth).Select(i => (byte)(i * 5)).ToArray();
        int Sample(int x, int y, int s) => (((x * 7919) + (y * 104729) + (s * 15485863)) >> 3) & maximum;
        var builder = new PngBuilder
        {
            Width = 13, Height = 11, Colour = colour, Depth = depth, Interlace = interlace, Filter = -1, Sample = Sample,
            Palette = colour == 3 ? palette : null,
        };
        var volume = ImageFile.Read(Save("a.png", builder.File()), Micrometres);
        Assert.Equal((11, 13, 1), (volume.Geometry.X, volume.Geometry.Y, volume.Geometry.Z));
        for (var y = 0; y < 11; y++)
        {
            for (var x = 0; x < 13; x++)
            {
                double expected = colour switch
                {
                    2 or 6 => ((0.299 * Sample(x, y, 0)) + (0.587 * Sample(x, y, 1)) + (0.114 * Sample(x, y, 2))) * 255.0 / maximum,
                    3 => (0.299 * palette[3 * Sample(x, y, 0)]) + (0.587 * palette[(3 * Sample(x, y, 0)) + 1]) + (0.114 * palette[(3 * Sample(x, y, 0)) + 2]),
                    _ => Sample(x, y, 0) * 255.0 / maximum,
                };
                Assert.Equal(expected, volume.Voxels[(x * 11) + y], 1e-4);
            }
        }

        Assert.Equal($"uint{depth}", ImageFile.ReadInfo(_folder.File("a.png"), Micrometres).DataType);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(5, 1)]
    public void Tiny_interlaced_pictures_skip_empty_passes(uint width, uint height)
    {
        var volume = ImageFile.Read(Save("a.png", new PngBuilder { Width = width, Height = height, Interlace = 1 }.File()), Micrometres);
        for (var x = 0; x < width; x++)
            Assert.Equal(x * 40, volume.Voxels[x * (int)height]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Filters_are_undone_where_neighbours_are_equally_close(int filter)
    {
        // Values 0 to 3 make every tie of the Paeth prediction occur.
        int Sample(int x, int y, int s) => ((x * x * 7) + (x * y * 5) + (y * 3) + (y * y * y)) % 4;
        var builder = new PngBuilder { Width = 40, Height = 40, Filter = filter, Sample = Sample };
        var volume = ImageFile.Read(Save("a.png", builder.File()), Micrometres);
        for (var i = 0; i < volume.Voxels.Length; i++)
            Assert.Equal(Sample(i / 40, i % 40, 0), volume.Voxels[i]);
    }

    [Fact]
    public void Gray_colours_stay_exactly_gray_and_sixteen_bits_keep_their_fraction()
    {
        var same = new PngBuilder { Width = 256, Height = 1, Colour = 2, Sample = (x, _, _) => x };
        Assert.Equal(Enumerable.Range(0, 256).Select(i => (float)i), ImageFile.Read(Save("a.png", same.File()), Micrometres).Voxels);
        var sixteen = new PngBuilder { Width = 3, Height = 1, Depth = 16, Sample = (x, _, _) => x == 0 ? 0 : x == 1 ? 128 : 65535 };
        Assert.Equal([0, 128 / 257f, 255], ImageFile.Read(Save("b.png", sixteen.File()), Micrometres).Voxels);
    }

    [Fact]
    public void Written_pictures_read_back_and_are_the_same_bytes_each_time()
    {
        var gray = Enumerable.Range(0, 35).Select(i => (byte)(i * 7)).ToArray();
        PngFile.WriteGray(_folder.File("g.png"), gray, 5, 7);
        var volume = ImageFile.Read(_folder.File("g.png"), Micrometres);
        var slice = new float[35];
        SliceLayout.CopySlice(volume, 0, SliceAxis.Axial, 0, slice);
        Assert.Equal(gray.Select(v => (float)v), slice);
        var rgb = Enumerable.Range(0, 105).Select(i => (byte)(i * 2)).ToArray();
        PngFile.WriteRgb(_folder.File("c.png"), rgb, 5, 7);
        var bytes = File.ReadAllBytes(_folder.File("c.png"));
        PngFile.WriteRgb(_folder.File("c.png"), rgb, 5, 7);
        Assert.Equal(bytes, File.ReadAllBytes(_folder.File("c.png")));
        using var bitmap = SKBitmap.Decode(_folder.File("c.png"));
        Assert.Equal(new SKColor(rgb[3 * 9], rgb[(3 * 9) + 1], rgb[(3 * 9) + 2]), bitmap.GetPixel(2, 1));
        Assert.Throws<ArgumentException>(() => PngFile.WriteGray(_folder.File("g.png"), gray, 5, 6));
    }

    [Theory]
    [InlineData(8, 1, Photometric.MINISBLACK, PlanarConfig.CONTIG, false, Compression.NONE)]
    [InlineData(16, 1, Photometric.MINISBLACK, PlanarConfig.CONTIG, false, Compression.LZW)]
    [InlineData(8, 1, Photometric.MINISWHITE, PlanarConfig.CONTIG, false, Compression.PACKBITS)]
    [InlineData(1, 1, Photometric.MINISBLACK, PlanarConfig.CONTIG, false, Compression.NONE)]
    [InlineData(4, 1, Photometric.MINISWHITE, PlanarConfig.CONTIG, false, Compression.NONE)]
    [InlineData(8, 2, Photometric.MINISBLACK, PlanarConfig.CONTIG, false, Compression.ADOBE_DEFLATE)]
    [InlineData(8, 3, Photometric.RGB, PlanarConfig.CONTIG, false, Compression.LZW)]
    [InlineData(16, 4, Photometric.RGB, PlanarConfig.CONTIG, true, Compression.ADOBE_DEFLATE)]
    [InlineData(8, 3, Photometric.RGB, PlanarConfig.SEPARATE, false, Compression.NONE)]
    [InlineData(16, 3, Photometric.RGB, PlanarConfig.SEPARATE, true, Compression.LZW)]
    [InlineData(8, 1, Photometric.PALETTE, PlanarConfig.CONTIG, false, Compression.NONE)]
    public void Every_kind_of_TIFF_reads_as_gray_from_0_to_255(
        int bits, int samples, Photometric photometric, PlanarConfig planar, bool tiled, Compression compression)
    {
        foreach (var order in new[] { "wl", "wb" })
        {
            var path = _folder.File($"a{order}.tif");
            TiffBuilder.Write(path, order, bits, samples, photometric, planar, tiled, compression);
            var volume = ImageFile.Read(path, Micrometres);
            Assert.Equal((TiffBuilder.Height, TiffBuilder.Width), (volume.Geometry.X, volume.Geometry.Y));
            for (var i = 0; i < volume.Voxels.Length; i++)
            {
                var expected = TiffBuilder.Gray(i / TiffBuilder.Height, i % TiffBuilder.Height, bits, photometric);
                Assert.Equal(expected, volume.Voxels[i], 1e-3);
            }

            Assert.Equal($"uint{bits}", ImageFile.ReadInfo(path, Micrometres).DataType);
        }
    }

    /// <summary>1 is white: the rule depends on no other voxel, so that equal tissue is equally bright in every file.</summary>
    [Theory]
    [InlineData(16, 1, Photometric.MINISBLACK, Compression.NONE)]
    [InlineData(32, 1, Photometric.MINISBLACK, Compression.ADOBE_DEFLATE)]
    [InlineData(64, 1, Photometric.MINISWHITE, Compression.LZW)]
    [InlineData(32, 3, Photometric.RGB, Compression.NONE)]
    public void Floating_point_TIFF_counts_1_as_white(int bits, int samples, Photometric photometric, Compression compression)
    {
        static double Value(int x, int y, int s) => ((x * 3) + (y * 5) + (s * 7)) / 64.0;
        foreach (var order in new[] { "wl", "wb" })
        {
            var path = _folder.File($"f{order}.tif");
            TiffBuilder.WriteFloats(path, order, bits, samples, photometric, compression, Value);
            var volume = ImageFile.Read(path, Micrometres);
            for (var i = 0; i < volume.Voxels.Length; i++)
            {
                var (x, y) = (i / TiffBuilder.Height, i % TiffBuilder.Height);
                var level = samples == 3 ? (0.299 * Value(x, y, 0)) + (0.587 * Value(x, y, 1)) + (0.114 * Value(x, y, 2)) : Value(x, y, 0);
                Assert.Equal(255 * (photometric == Photometric.MINISWHITE ? 1 - level : level), volume.Voxels[i], 0.01);
            }

            Assert.Equal($"float{bits}", ImageFile.ReadInfo(path, Micrometres).DataType);
        }
    }

    [Fact]
    public void YCbCr_TIFF_reads_as_the_luminance_of_its_colours()
    {
        static byte Value(int x, int y, int s) => (byte)((4 * x) + (3 * y) + (30 * s));
        var path = _folder.File("ycc.tif");
        TiffBuilder.WriteYCbCr(path, Value);
        var volume = ImageFile.Read(path, Micrometres);
        for (var i = 0; i < volume.Voxels.Length; i++)
        {
            var (x, y) = (i / TiffBuilder.Height, i % TiffBuilder.Height);
            Assert.Equal((0.299 * Value(x, y, 0)) + (0.587 * Value(x, y, 1)) + (0.114 * Value(x, y, 2)), volume.Voxels[i], 6.0);
        }
    }

    [Theory]
    [InlineData("a.ome.tif")]
    [InlineData("A.OME.TIFF")]
    public void OME_TIFF_is_refused_with_an_explanation(string name)
    {
        var path = _folder.File(name);
        TiffBuilder.Write(path, "w", 8, 1, Photometric.MINISBLACK, PlanarConfig.CONTIG, false, Compression.NONE);
        foreach (var read in new Action[] { () => ImageFile.Read(path, Micrometres), () => ImageFile.ReadInfo(path, Micrometres) })
        {
            var error = Assert.Throws<SegException>(read);
            Assert.Equal("OmeTiffUnsupported", error.ErrorId);
            Assert.Contains(path, error.Message, StringComparison.Ordinal);
            Assert.Contains("pages", error.Message, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(".ome.tif", ImageFile.Extensions);
    }

    [Fact]
    public void JPEG_reads_as_gray()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(16, 8, SKColorType.Gray8, SKAlphaType.Opaque));
        bitmap.GetPixelSpan().Fill(100);
        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 95);
        var path = Save("a.jpg", data.ToArray());
        var volume = ImageFile.Read(path, Micrometres);
        Assert.Equal((8, 16), (volume.Geometry.X, volume.Geometry.Y));
        Assert.All(volume.Voxels, v => Assert.InRange(v, 99, 101));
        Assert.Equal("uint8", ImageFile.ReadInfo(path, Micrometres).DataType);
    }

    [Theory]
    [InlineData(".NII.GZ", ".nii.gz")]
    [InlineData(".tar.gz", "")]
    [InlineData(".ome.tif", ".ome.tif")]
    [InlineData(".x.png", ".png")]
    [InlineData("", "")]
    public void Extensions_are_lower_case_with_their_dots(string end, string extension)
    {
        Assert.Equal(extension, ImageFile.ExtensionOf("/folder.png/sub-01_T2w" + end));
        Assert.Contains(".nii.gz", ImageFile.Extensions);
    }

    private string Save(string name, byte[] bytes)
    {
        File.WriteAllBytes(_folder.File(name), bytes);
        return _folder.File(name);
    }
}
