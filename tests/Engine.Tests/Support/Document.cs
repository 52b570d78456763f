namespace MedSeg.Engine.Tests.Support;

/// <summary>The pages below <c>docs</c>.</summary>
internal static class Document
{
    /// <summary>A page's text with \n as line end.</summary>
    public static string Read(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "docs", name);
            if (File.Exists(path))
                return File.ReadAllText(path).ReplaceLineEndings("\n");
        }

        throw new FileNotFoundException($"docs/{name} is not above the test's folder.");
    }
}
