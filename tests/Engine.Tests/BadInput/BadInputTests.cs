using Xunit;

namespace MedSeg.Engine.Tests.BadInput;

/// <summary>
/// Inputs as hospitals have them. Each leads to one id that scripts can rely on, names its file and the field or key, says what to
/// do, and leaves everything as it was. Other bad inputs are tested where their readers are (Imaging, Bids, Configuration, Packaging).
/// </summary>
public sealed class BadInputTests
{
    private const long MostBytes = 4 << 20;

    private const long MostBytesPerByte = 64;

    private static readonly IReadOnlyList<BadCase> Cases =
    [
        .. BadNiftiHeaders.Cases, .. BadVolumes.Cases, .. BadPictures.Cases, .. BadSidecars.Cases, .. BadTables.Cases, .. BadTrees.Cases,
        .. BadConfigs.Cases, .. BadSplits.Cases, .. BadPackages.Cases,
    ];

    public static TheoryData<string> Names => [.. Cases.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Bad_input_is_named_explained_and_left_alone(string name)
    {
        var bad = Cases.Single(c => c.Name == name);
        using var folder = new BadFolder();
        bad.Make(folder);
        var before = folder.Contents();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var said = bad.Use(folder).ToList();
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        var about = said.Where(c => c.Id == bad.Id && c.Message.Contains(bad.Says, StringComparison.Ordinal)
            && (c.Message + c.Place).Contains(Path.GetFileName(bad.File), StringComparison.Ordinal)).ToList();
        Assert.True(about.Count > 0, $"expected {bad.Id} about {bad.File} with '{bad.Says}'; was told:\n{string.Join("\n", said)}");
        Assert.All(about, c => Assert.NotEmpty(c.Recommendation));
        Assert.Equal(before, folder.Contents());
        Assert.InRange(allocated, 0, MostBytes + (MostBytesPerByte * folder.Size));
    }

    [Fact]
    public void There_are_more_than_a_hundred_of_different_names() =>
        Assert.True(Cases.Select(c => c.Name).Distinct(StringComparer.Ordinal).Count() is var n && n > 100 && n == Cases.Count, $"{n} of {Cases.Count}");
}
