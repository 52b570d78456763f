using System.Reflection;

namespace MedSeg.Shell;

/// <summary>Finds the module that belongs to this shell.</summary>
internal static class ModuleLocator
{
    private const string Manifest = "MedSeg.psd1";

    /// <summary>The version of this shell, which is the module's too.</summary>
    public static string OwnVersion { get; } =
        typeof(ModuleLocator).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Environment variable with the full path of a module folder to use instead.</summary>
    public const string Variable = "MEDSEG_MODULE";

    /// <summary>Full path of the manifest: beside the program when installed, in artifacts of a folder above when built from source.</summary>
    public static string? Find(string start, string version)
    {
        string? chosen = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(chosen))
            return Path.Combine(chosen, Manifest) is var manifest && File.Exists(manifest) ? manifest : File.Exists(chosen) ? chosen : null;
        return FindAbove(start, version);
    }

    private static string? FindAbove(string start, string version)
    {
        for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
        {
            string? manifest = new[] { "MedSeg", Path.Combine("artifacts", "MedSeg") }
                .Select(parent => Path.Combine(folder.FullName, parent, version, Manifest))
                .FirstOrDefault(File.Exists);
            if (manifest is not null)
                return manifest;
        }

        return null;
    }
}
