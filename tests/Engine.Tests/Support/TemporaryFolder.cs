namespace MedSeg.Engine.Tests.Support;

/// <summary>A new empty folder that is removed with everything in it when disposed.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("medseg-test-").FullName;

    /// <summary>Full path of a file or folder below.</summary>
    public string File(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
