using System.Text.Json;
using MedSeg.Engine.Packaging;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Packaging;

/// <summary>Files of categories that somebody made up, with whatever hash.</summary>
public sealed class FilmFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read()
    {
        var film = new SegFilm("mri_params", [new("FlipAngle", ["0", "1"], [52.5]), new("RepetitionTime", ["0"], []), new("EchoTime", ["0"], []), new("Manufacturer", ["GE", "other"])]);
        File.WriteAllText(_folder.File("f"), FilmFile.ToJson(film));
        SegFilm read = FilmFile.Read(_folder.File("f"));
        Assert.Equal((film.ToString(), 6), (read.ToString(), read.Width));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"metadata": "site", "parts": []}""")]
    [InlineData("""{"metadata": "site", "parts": null}""")]
    [InlineData("""{"metadata": "", "parts": [{"name": "site", "categories": ["a"]}]}""")]
    [InlineData("""{"metadata": "site", "parts": [null]}""")]
    [InlineData("""{"metadata": "site", "parts": [{"name": "site", "categories": null}]}""")]
    [InlineData("""{"metadata": "site", "parts": [{"name": "site", "categories": []}]}""")]
    [InlineData("""{"metadata": "site", "parts": [{"name": "site", "categories": ["a", "a"]}]}""")]
    [InlineData("""{"metadata": "site", "parts": [{"name": "site", "categories": ["a", null]}]}""")]
    [InlineData("""{"metadata": "site", "parts": [{"name": "site", "categories": ["0"], "boundaries": [2, 1]}]}""")]
    [InlineData("""{"metadata": "site", "parts": [{"name": "site", "categories": ["0"], "boundaries": [1e999]}]}""")]
    [InlineData("""{"metadata": "site", "parts": [{"name": "sex", "categories": ["a"]}]}""")]
    [InlineData("""{"metadata": "contrasts", "parts": [{"name": "contrast", "categories": ["a"]}, {"name": "contrast", "categories": ["b"]}]}""")]
    [InlineData("""{"metadata": "mri_params", "parts": [{"name": "Manufacturer", "categories": ["GE"]}]}""")]
    public void Nonsense_is_refused(string json)
    {
        File.WriteAllText(_folder.File("f"), json);
        Assert.Throws<JsonException>(() => FilmFile.Read(_folder.File("f")));
    }
}
