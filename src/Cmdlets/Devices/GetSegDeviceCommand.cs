using System.Management.Automation;
using MedSeg.Engine;

namespace MedSeg.Cmdlets.Devices;

/// <summary>Lists the processors on which MedSeg can train and predict.</summary>
/// <remarks>
/// The first device is always the CPU; graphics processors follow when the module was built with CUDA or when MEDSEG_TORCH_LIB
/// names a libtorch folder that has it. The Name of a device is what the Device parameter of other cmdlets takes. Libraries
/// tells the versions of the native libraries, which is the first thing to look at when one of them does not load.
/// </remarks>
/// <example>
/// <para>Show every device of this computer.</para>
/// <code>Get-SegDevice</code>
/// </example>
/// <example>
/// <para>Show the versions of the native libraries that the default device uses.</para>
/// <code>(Get-SegDevice | Where-Object IsDefault).Libraries</code>
/// </example>
[Cmdlet(VerbsCommon.Get, "SegDevice")]
[OutputType(typeof(SegDevice))]
public sealed class GetSegDeviceCommand : SegCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing() => Stream((_, _) => SegEngine.Devices());
}
