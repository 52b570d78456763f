using System.Text;
using MedSeg.Engine.Bids;
using MedSeg.Engine.Runtime;
using Xunit;

namespace MedSeg.Engine.Tests.Bids;

public class JsonFileTests
{
    private readonly List<BidsFinding> _findings = [];

    [Fact]
    public void Values_become_plain_objects()
    {
        var values = Read("\uFEFF{\"s\": \"x\", \"n\": 1.5, \"t\": true, \"z\": null, \"a\": [1, \"b\"], \"o\": {\"k\": -2},}")!;
        Assert.Equal("x", values["s"]);
        Assert.Equal(1.5, values["n"]);
        Assert.Equal(true, values["t"]);
        Assert.Null(values["z"]);
        Assert.Equal([1.0, "b"], Assert.IsType<object?[]>(values["a"]));
        Assert.Equal(-2.0, Assert.IsAssignableFrom<IReadOnlyDictionary<string, object?>>(values["o"])["k"]);
        Assert.Empty(_findings);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("\"x\"")]
    [InlineData("{\"a\": }")]
    [InlineData("{\"a\": NaN}")]
    [InlineData("{\"a\": \"\\ud800\"}")]
    [InlineData("<html></html>")]
    public void What_is_no_object_is_reported(string text)
    {
        Assert.Null(Read(text));
        Assert.Equal("JsonUnreadable", Assert.Single(_findings).Id);
    }

    [Fact]
    public void Invalid_utf8_is_reported() => AssertRefused([.. "{\"a\": \""u8, 0xC3, 0x28, .. "\"}"u8]);

    [Fact]
    public void Deep_nesting_is_refused() =>
        AssertRefused(Encoding.UTF8.GetBytes("{\"a\":" + new string('[', 100_000) + new string(']', 100_000) + "}"));

    [Fact]
    public void A_large_file_is_refused_unread() => AssertRefused(new byte[SafeJson.MaximumBytes + 1]);

    private void AssertRefused(byte[] bytes)
    {
        using var folder = new BidsFolder();
        folder.Bytes("x.json", bytes);
        Assert.Null(JsonFile.ReadObject(folder.PathOf("x.json"), _findings));
        Assert.Equal("JsonUnreadable", Assert.Single(_findings).Id);
    }

    private IReadOnlyDictionary<string, object?>? Read(string text)
    {
        using var folder = new BidsFolder();
        folder.Text("x.json", text);
        return JsonFile.ReadObject(folder.PathOf("x.json"), _findings);
    }
}
