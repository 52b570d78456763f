using MedSeg.Engine.Runtime;

namespace MedSeg.Engine;

public static partial class SegEngine
{
    /// <summary>The processors that can train or predict, the CPU first.</summary>
    /// <exception cref="SegException"><c>NativeLibraryMissing</c> or <c>NativeLibraryFailed</c>.</exception>
    public static IReadOnlyList<SegDevice> Devices() => DeviceSelector.List();
}
