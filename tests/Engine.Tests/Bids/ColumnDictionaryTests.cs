using MedSeg.Engine.Bids;
using Xunit;

namespace MedSeg.Engine.Tests.Bids;

public class ColumnDictionaryTests
{
    private static readonly ColumnDictionary Columns = new(
        [
            ("participants", new Dictionary<string, string?> { ["a"] = "1", ["b"] = "2", ["n"] = null, ["sessions.b"] = "literal" }),
            ("sessions", new Dictionary<string, string?> { ["b"] = "3", ["c"] = null }),
        ],
        new HashSet<string> { "b", "x" });

    [Theory]
    [InlineData("a", true, "1")]
    [InlineData("b", true, "3")]
    [InlineData("c", true, null)]
    [InlineData("n", true, null)]
    [InlineData("participants.b", true, "2")]
    [InlineData("sessions.b", true, "literal")]
    [InlineData("participants.a", false, null)]
    [InlineData("scans.b", false, null)]
    [InlineData("sessions.x", false, null)]
    [InlineData("", false, null)]
    [InlineData(".", false, null)]
    public void A_column_is_looked_up_from_the_closest_layer(string key, bool found, string? expected)
    {
        Assert.Equal(found, Columns.TryGetValue(key, out var value));
        Assert.Equal(expected, value);
        Assert.Equal(found, Columns.ContainsKey(key));
        Assert.Equal(expected, Columns.GetValueOrDefault(key));
        if (!found)
            Assert.Throws<KeyNotFoundException>(() => Columns[key]);
    }

    [Fact]
    public void What_is_listed_is_what_is_found()
    {
        Assert.Equal(["a", "b", "n", "sessions.b", "c", "participants.b"], Columns.Keys);
        Assert.Equal(6, Columns.Count);
        Assert.All(Columns, pair => Assert.Equal(Columns[pair.Key], pair.Value));
        Assert.Equal(["1", "3", null, "literal", null, "2"], Columns.Values);
    }
}
