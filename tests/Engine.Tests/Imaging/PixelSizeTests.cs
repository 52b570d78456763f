using MedSeg.Engine.Imaging;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Imaging;

public sealed class PixelSizeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, object?, object?, string, string> Wrong => new()
    {
        { "missing size", null, "um", "PixelSizeMissing", "PixelSize" },
        { "missing units", new object?[] { 1.0, 1.0 }, null, "PixelSizeMissing", "PixelSizeUnits" },
        { "centimetres", new object?[] { 1.0, 1.0 }, "cm", "PixelSizeInvalid", "PixelSizeUnits" },
        { "units as a number", new object?[] { 1.0, 1.0 }, 3.0, "PixelSizeInvalid", "PixelSizeUnits" },
        { "old single number", 0.1, "um", "PixelSizeInvalid", "one number" },
        { "number as text", "0.1", "um", "PixelSizeInvalid", "PixelSize" },
        { "one number in a list", new object?[] { 1.0 }, "um", "PixelSizeInvalid", "PixelSize" },
        { "four numbers", new object?[] { 1.0, 1.0, 1.0, 1.0 }, "um", "PixelSizeInvalid", "PixelSize" },
        { "text in a list", new object?[] { 1.0, "1" }, "um", "PixelSizeInvalid", "PixelSize" },
        { "zero", new object?[] { 0.0, 1.0 }, "um", "PixelSizeInvalid", "PixelSize" },
        { "negative", new object?[] { 1.0, -1.0 }, "um", "PixelSizeInvalid", "PixelSize" },
        { "not a number", new object?[] { double.NaN, 1.0 }, "um", "PixelSizeInvalid", "PixelSize" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mm", 1)]
    [InlineData("um", 1e-3)]
    [InlineData("µm", 1e-3)]
    [InlineData("nm", 1e-6)]
    public void Rows_take_Y_columns_take_X_in_millimetres(string units, double scale)
    {
        Assert.Equal((0.2 * scale, 0.1 * scale, 0.1 * scale), Spacing([0.1, 0.2], units));
        Assert.Equal((0.2 * scale, 0.1 * scale, 0.5 * scale), Spacing([0.1, 0.2, 0.5], units));
        Assert.Equal((0.2 * scale, 0.1 * scale, 0.1 * scale), Spacing([0.1, 0.2, 0.0], units));
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Wrong_sizes_are_explained(string name, object? size, object? units, string errorId, string field)
    {
        var metadata = new Dictionary<string, object?> { ["PixelSize"] = size, ["PixelSizeUnits"] = units };
        foreach (var read in new Action[] { () => ImageFile.Read(Png(), metadata), () => ImageFile.ReadInfo(Png(), metadata) })
        {
            var error = Assert.Throws<SegException>(read);
            Assert.True(errorId == error.ErrorId, $"{name}: {error.Message}");
            Assert.Contains(field, error.Message, StringComparison.Ordinal);
            Assert.Contains(Png(), error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Without_metadata_the_sidecar_beside_the_image_is_read()
    {
        Assert.Equal("PixelSizeMissing", Assert.Throws<SegException>(() => ImageFile.Read(Png())).ErrorId);
        File.WriteAllText(_folder.File("a.json"), """{ "PixelSize": [2, 3], "PixelSizeUnits": "um", "Note": { "any": true } }""");
        var (x, y, _) = ImageFile.Read(Png()).Geometry.Spacing;
        Assert.Equal((0.003, 0.002), (x, y));
        File.WriteAllText(_folder.File("a.json"), "{ not json");
        Assert.Equal("PixelSizeInvalid", Assert.Throws<SegException>(() => ImageFile.Read(Png())).ErrorId);
    }

    [Theory]
    [InlineData("{\"Note\": \"\\ud800\"}")]
    [InlineData("[1, 2]")]
    [InlineData("{\"Deep\": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}")]
    public void A_hostile_sidecar_is_one_error_that_names_it(string text)
    {
        File.WriteAllText(_folder.File("a.json"), text);
        var error = Assert.Throws<SegException>(() => ImageFile.Read(Png()));
        Assert.Equal("PixelSizeInvalid", error.ErrorId);
        Assert.Contains("a.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_huge_sidecar_is_not_read()
    {
        using (var file = File.Create(_folder.File("a.json")))
            file.SetLength(1L << 32);
        Assert.Equal("PixelSizeInvalid", Assert.Throws<SegException>(() => ImageFile.Read(Png())).ErrorId);
    }

    private (double X, double Y, double Z) Spacing(object?[] size, string units) =>
        ImageFile.ReadInfo(Png(), new Dictionary<string, object?> { ["PixelSize"] = size, ["PixelSizeUnits"] = units }).Geometry.Spacing;

    private string Png()
    {
        var path = _folder.File("a.png");
        if (!File.Exists(path))
            File.WriteAllBytes(path, new PngBuilder().File());
        return path;
    }
}
