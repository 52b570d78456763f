using MedSeg.Engine.Configuration;
using Xunit;

namespace MedSeg.Engine.Tests.Configuration;

/// <summary>Holds docs/configuration.md and the types together. Run with MEDSEG_UPDATE_DOCS=1 to write the page anew.</summary>
public sealed class ConfigDocumentationTests
{
    [Fact]
    public void The_page_lists_every_key_as_the_types_have_it()
    {
        string page = Page(out string path);
        int start = page.IndexOf(ConfigDocumentation.Start, StringComparison.Ordinal) + ConfigDocumentation.Start.Length;
        int end = page.IndexOf(ConfigDocumentation.End, StringComparison.Ordinal);
        string generated = $"\n\n{ConfigDocumentation.Generate()}\n";
        if (Environment.GetEnvironmentVariable("MEDSEG_UPDATE_DOCS") == "1")
        {
            page = page[..start] + generated + page[end..];
            File.WriteAllText(path, page);
            end = page.IndexOf(ConfigDocumentation.End, StringComparison.Ordinal);
        }

        Assert.Equal(generated, page[start..end]);
    }

    [Fact]
    public void The_page_explains_every_error_of_a_bad_file()
    {
        string page = Page(out _);

        Assert.All(
            BadConfigTests.Cases.Select(c => (string)((object[])c)[2]).Distinct().Append("ConfigConflict").Append("NotSupportedYet"),
            id => Assert.Contains($"`{id}`", page, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_key_of_a_feature_to_come_is_a_known_key()
    {
        HashSet<string> known = [.. SectionShape.All(typeof(SegConfig)).Select(k => k.Path)];

        Assert.All(LaterFeatures.Table, f => Assert.Contains(f.Key, known));
        Assert.All(LaterFeatures.Table, f => Assert.True(LaterFeatures.IsLater(f.Key), f.Key));
    }

    [Fact]
    public void Every_key_without_effect_is_a_known_key() =>
        Assert.Subset(SectionShape.All(typeof(SegConfig)).Select(k => k.Path).ToHashSet(), IdleKeys.Table.Select(k => k.Key).ToHashSet());

    /// <summary>Full path of the folder docs.</summary>
    internal static string Docs()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MedSeg.PowerShell.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder!.FullName, "docs");
    }

    private static string Page(out string path)
    {
        path = Path.Combine(Docs(), "configuration.md");
        return File.ReadAllText(path).ReplaceLineEndings("\n");
    }
}
