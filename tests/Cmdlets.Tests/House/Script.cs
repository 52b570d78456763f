namespace MedSeg.Cmdlets.Tests.House;

/// <summary>A script file that goes away with the test.</summary>
internal sealed class Script : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medseg-").FullName;

    public Script(string text)
    {
        File = Path.Combine(_folder, "script.ps1");
        System.IO.File.WriteAllText(File, text);
    }

    /// <summary>Full path.</summary>
    public string File { get; }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
