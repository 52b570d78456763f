using MedSeg.Cmdlets.Tests.Support;
using Xunit;

namespace MedSeg.Cmdlets.Tests.House;

/// <summary>A libtorch folder of the user's own, named by MEDSEG_TORCH_LIB.</summary>
public sealed class UserTorchLibraryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medseg-torch-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_folder_without_libtorch_is_a_clear_error()
    {
        ChildResult result = await Run("Get-SegDevice -ErrorVariable e -ErrorAction SilentlyContinue; $e[0].FullyQualifiedErrorId; \"$($e[0])\"");

        Assert.StartsWith("TorchLibraryMissing,", result.Lines[0], StringComparison.Ordinal);
        Assert.Contains(_folder, result.Lines[1], StringComparison.Ordinal);
    }

    /// <remarks>Copies, since links lead to the same file and a second load of the same file does no harm.</remarks>
    [LinuxFact]
    public async Task Its_libraries_are_loaded_and_no_others()
    {
        foreach (string file in Directory.GetFiles(Path.Combine(Repository.Module, "engine", "linux-x64")).Where(IsTorch))
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));

        ChildResult result = await Run("""
            (Get-SegDevice)[0].Name
            $used = foreach ($line in [IO.File]::ReadAllLines('/proc/self/maps')) { $line.Substring([Math]::Max(0, $line.IndexOf('/'))) }
            $used | Where-Object { $_ -match '/lib(c10|torch|torch_cpu)\.so$' }
            """);

        Assert.Equal("", result.Error);
        Assert.Equal(
            ["cpu", .. new[] { "libc10.so", "libtorch.so", "libtorch_cpu.so" }.Select(name => Path.Combine(_folder, name))],
            result.Lines.Distinct().OrderBy(line => line.StartsWith('/')).ThenBy(line => line, StringComparer.Ordinal));
    }

    private static bool IsTorch(string path) =>
        Path.GetFileName(path) is var name && (name.StartsWith("libc10", StringComparison.Ordinal)
            || name.StartsWith("libtorch", StringComparison.Ordinal) || name.StartsWith("libgomp", StringComparison.Ordinal));

    private Task<ChildResult> Run(string script) =>
        Child.Run(["-Command", script], new Dictionary<string, string> { ["MEDSEG_TORCH_LIB"] = _folder });
}
