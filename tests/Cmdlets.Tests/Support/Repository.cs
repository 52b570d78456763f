using System.Reflection;

namespace MedSeg.Cmdlets.Tests.Support;

/// <summary>Where things lie in the working tree.</summary>
internal static class Repository
{
    /// <summary>The folder with the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The specs of the cmdlets.</summary>
    public static string Specs => Path.Combine(Root, "tests", "Pester");

    /// <summary>The stand-in's manifest.</summary>
    public static string StandIn => Path.Combine(Root, "tests", "PesterStandIn", "PesterStandIn.psd1");

    /// <summary>Specs about the stand-in itself, some of which must fail.</summary>
    public static string Fixtures => Path.Combine(Root, "tests", "Cmdlets.Tests", "Fixtures");

    /// <summary>The staged module of the version that was built with these tests.</summary>
    public static string Module { get; } = Path.Combine(Root, "artifacts", "MedSeg", ModuleVersion());

    private static string ModuleVersion() =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "ModuleVersion").Value!;

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MedSeg.PowerShell.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("MedSeg.PowerShell.sln was not found above " + AppContext.BaseDirectory);
    }
}
