using Xunit;

namespace MedSeg.Engine.Tests.Support;

/// <summary>The folder with reference figures and sample images that may lie beside the checkout. It is never required.</summary>
public static class SharedFolder
{
    public const string AbsentReason = "The folder 'shared' with reference figures and sample data is not beside this checkout.";

    /// <summary>Full path of the folder <c>shared</c>, or null where it is absent.</summary>
    public static string? Path { get; } = Find();

    /// <summary>Full path of a file or folder below <c>shared</c>.</summary>
    public static string File(params string[] parts) =>
        System.IO.Path.Combine([Path ?? throw new InvalidOperationException(AbsentReason), .. parts]);

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = System.IO.Path.Combine(folder.FullName, "shared");
            if (Directory.Exists(System.IO.Path.Combine(candidate, "golden")))
                return candidate;
        }

        return null;
    }
}

/// <summary>A fact that needs the shared folder and is reported as skipped where it is absent.</summary>
public sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute()
    {
        if (SharedFolder.Path is null)
            Skip = SharedFolder.AbsentReason;
    }
}

/// <summary>A theory that needs the shared folder and is reported as skipped where it is absent.</summary>
public sealed class SharedTheoryAttribute : TheoryAttribute
{
    public SharedTheoryAttribute()
    {
        if (SharedFolder.Path is null)
            Skip = SharedFolder.AbsentReason;
    }
}
