namespace MedSeg.Engine.Tests.Support;

/// <summary>Pages of the documentation that tests hold together with the code.</summary>
internal static class Pages
{
    /// <summary>Full path of a file of docs/ above the tests' output folder.</summary>
    public static string Find(string name)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var page = Path.Combine(folder.FullName, "docs", name);
            if (File.Exists(page))
                return page;
        }

        throw new FileNotFoundException($"docs/{name} is not above the tests' output folder.");
    }
}
