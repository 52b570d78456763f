using MedSeg.Engine.Imaging;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Imaging;

/// <summary>
/// PNG and TIFF against what the reference made of the same files. The reference stretches RGB and RGBA images (and gray ones
/// stored as RGBA) to their own minimum and maximum but leaves gray ones alone, and rounds luma down to whole numbers
/// (D-124). Here one rule holds for all: sample · 255 / maximum and luma without rounding. So gray files must agree exactly,
/// and colour files must agree after the same stretch, up to the reference's two roundings.
/// </summary>
public class ImageConversionTests
{
    private const string Folder = "loader-cases/data_test_png_tif";

    [SharedFact]
    public void Files_agree_with_the_reference_up_to_its_stretch_of_colours()
    {
        var (gray, colour) = (0, 0);
        foreach (var item in Golden.Load("image_conversion").Of("convert_file_to_nifti"))
        {
            var file = item.Name.Replace("(gt)", "", StringComparison.Ordinal);
            var path = Directory.EnumerateFiles(SharedFolder.File("data", "loader-cases"), file, SearchOption.AllDirectories).First();
            var volume = ImageFile.Read(path, Metadata(item));
            var expected = item.Out("first_row").Doubles();
            var shape = item.Json.GetProperty("out").GetProperty("shape").EnumerateArray().Select(v => v.GetInt32()).ToArray();
            Assert.Equal(shape, new[] { volume.Geometry.X, volume.Geometry.Y, volume.Geometry.Z });
            var zooms = item.Json.GetProperty("out").GetProperty("zooms").EnumerateArray().Select(v => v.GetDouble()).ToArray();
            var spacing = volume.Geometry.Spacing;
            Assert.All([(zooms[0], spacing.X), (zooms[1], spacing.Y), (zooms[2], spacing.Z)], p => Assert.Equal(p.Item1, p.Item2, 1e-7 * p.Item1));
            if (item.Parameters.GetProperty("mode").GetString()!.StartsWith("RGB", StringComparison.Ordinal))
            {
                CompareStretched(volume, expected, item);
                colour++;
            }
            else
            {
                CompareGray(volume, expected, item);
                gray++;
            }
        }

        Assert.True(gray >= 5 && colour >= 8, $"{gray} gray and {colour} colour files");
    }

    [SharedTheory]
    [InlineData("sub-png/micr/sub-png_sample-8rgb_SEM.png", "sub-png/micr/sub-png_sample-16rgb_SEM.png")]
    [InlineData("sub-png/micr/sub-png_sample-8rgb_SEM.png", "sub-png/micr/sub-png_sample-8rgba_SEM.png")]
    [InlineData("sub-png/micr/sub-png_sample-8rgb_SEM.png", "sub-png/micr/sub-png_sample-16gray_SEM.png")]
    [InlineData("sub-tif/micr/sub-tif_sample-8gray_SEM.tif", "sub-tif/micr/sub-tif_sample-16gray_SEM.tif")]
    [InlineData("sub-tif/micr/sub-tif_sample-8gray_SEM.tif", "sub-tif/micr/sub-tif_sample-16rgb_SEM.tif")]
    [InlineData("sub-tif/micr/sub-tif_sample-8gray_SEM.tif", "sub-tif/micr/sub-tif_sample-8rgba_SEM.tif")]
    [InlineData("sub-png/micr/sub-png_sample-16gray_SEM.png", "sub-tif/micr/sub-tif_sample-16gray_SEM.tif")]
    public void The_same_picture_has_the_same_values_in_every_format(string one, string other)
    {
        var a = Read(one);
        var b = Read(other);
        Assert.Equal(a.Geometry with { Affine = [] }, b.Geometry with { Affine = [] });
        Assert.All(a.Voxels.Zip(b.Voxels), p => Assert.Equal(p.First, p.Second, 0.51f));
    }

    private static void CompareGray(Volume volume, double[] expected, GoldenCase item)
    {
        var values = Array.ConvertAll(volume.Voxels, v => (double)v);
        if (item.Name.EndsWith("(gt)", StringComparison.Ordinal))
            values = Array.ConvertAll(values, v => v / 255 >= 0.5 ? 1.0 : 0);
        Assert.Equal(item.Number("sum"), values.Sum(Math.Floor));
        Assert.Equal(item.Number("max"), Math.Floor(values.Max()));
        Assert.Equal(item.Number("min"), Math.Floor(values.Min()));
        for (var column = 0; column < expected.Length; column++)
            Assert.Equal(expected[column], Math.Floor(values[column * volume.Geometry.X]));
    }

    private static void CompareStretched(Volume volume, double[] expected, GoldenCase item)
    {
        double low = volume.Voxels.Min(), high = volume.Voxels.Max();
        Assert.True(low > 0 && high < 250, $"{item.Name} must not be stretched: {low} to {high}");
        for (var column = 0; column < expected.Length; column++)
            Assert.Equal(expected[column], (volume.Voxels[column * volume.Geometry.X] - low) / (high - low) * 255, 2.5);
    }

    private static Volume Read(string file) => ImageFile.Read(SharedFolder.File("data", Folder, file), new Dictionary<string, object?>
    {
        ["PixelSize"] = new object?[] { 0.1, 0.1 },
        ["PixelSizeUnits"] = "um",
    });

    private static Dictionary<string, object?> Metadata(GoldenCase item)
    {
        var metadata = item.Parameters.GetProperty("metadata");
        return new()
        {
            ["PixelSize"] = metadata.GetProperty("PixelSize").EnumerateArray().Select(v => (object?)v.GetDouble()).ToArray(),
            ["PixelSizeUnits"] = metadata.GetProperty("PixelSizeUnits").GetString(),
        };
    }
}
