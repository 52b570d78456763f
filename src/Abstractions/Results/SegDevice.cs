namespace MedSeg;

/// <summary>A processor that can train or predict.</summary>
/// <param name="Name">What <c>-Device</c> accepts: <c>cpu</c>, <c>cuda:0</c>…</param>
/// <param name="Kind"><c>Cpu</c> or <c>Cuda</c>.</param>
/// <param name="Description">Processor name.</param>
/// <param name="Threads">Threads used for computing (CPU), else 0.</param>
/// <param name="MemoryBytes">Memory in bytes, 0 when unknown.</param>
/// <param name="IsDefault">True for what <c>Auto</c> picks.</param>
/// <param name="Libraries">Name and version of the native libraries that would be used.</param>
public sealed record SegDevice(
    string Name, string Kind, string Description, int Threads, long MemoryBytes, bool IsDefault, IReadOnlyDictionary<string, string> Libraries);
