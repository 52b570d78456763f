using System.Reflection;

namespace MedSeg.Shell;

/// <summary>Finds the module that belongs to this shell.</summary>
internal static class ModuleLocator
{
    /// <summary>The version of this shell, which is the module's too.</summary>
    public static string OwnVersion { get; } =
        typeof(ModuleLocator).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Full path of the manifest: beside the program when installed, in artifacts of a folder above when built from source.</summary>
    public static string? Find(string start, string version)
    {
        for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
        {
            string? manifest = new[] { "MedSeg", Path.Combine("artifacts", "MedSeg") }
                .Select(parent => Path.Combine(folder.FullName, parent, version, "MedSeg.psd1"))
                .FirstOrDefault(File.Exists);
            if (manifest is not null)
                return manifest;
        }

        return null;
    }
}
