using MedSeg.Engine.Reporting;

namespace MedSeg.Engine;

public static partial class SegEngine
{
    /// <summary>Draws masks on their image and writes the picture as PNG.</summary>
    /// <exception cref="SegException">See <see cref="Overlay.Write"/>.</exception>
    public static void WriteOverlay(OverlayRequest request, CancellationToken ct) => Overlay.Write(request, ct);
}
