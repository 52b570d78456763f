namespace MedSeg.Cmdlets.Loading;

/// <summary>File names of native libraries.</summary>
internal static class NativeName
{
    /// <summary>The file of a library in a folder, or null.</summary>
    /// <param name="folder">Full path.</param>
    /// <param name="name">Bare (<c>torch_cpu</c>) or with prefix or extension (<c>libtorch_cpu.so</c>, <c>torch_cpu.dll</c>).</param>
    public static string? Find(string folder, string name)
    {
        if (name.Length == 0 || name != Path.GetFileName(name))
            return null;
        return Candidates(name).Select(file => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }

    private static string[] Candidates(string name) =>
        OperatingSystem.IsWindows() ? [name, $"{name}.dll"]
        : OperatingSystem.IsMacOS() ? [name, $"lib{name}.dylib", $"{name}.dylib", $"lib{name}"]
        : [name, $"lib{name}.so", $"{name}.so", $"lib{name}"];
}
