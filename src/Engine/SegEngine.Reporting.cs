using MedSeg.Engine.Reporting;

namespace MedSeg.Engine;

public static partial class SegEngine
{
    /// <summary>Draws masks on their image and writes the picture as PNG.</summary>
    /// <exception cref="SegException">See <see cref="Overlay.Write"/>.</exception>
    public static void WriteOverlay(OverlayRequest request, CancellationToken ct) => Overlay.Write(request, ct);

    /// <summary>Writes a contact sheet of what the transforms of a configuration do to an image and its labels.</summary>
    /// <exception cref="SegException">See <see cref="TransformSheet.Write"/>.</exception>
    public static SegTransformSheet WriteTransformSheet(TransformSheetRequest request, ISegObserver observer, CancellationToken ct) =>
        TransformSheet.Write(request, observer, ct);

    /// <summary>The request for a contact sheet of an image of a dataset, with the labels that the configuration names.</summary>
    public static TransformSheetRequest TransformSheetOf(BidsImage image, SegConfig config) => TransformSheetRequests.Of(image, config);

    /// <summary>The request for a contact sheet of a file; its output path is a file name only.</summary>
    public static TransformSheetRequest TransformSheetOf(string path, IReadOnlyList<string> labels, string? roiPath, SegConfig config) =>
        TransformSheetRequests.Of(path, labels, roiPath, config);
}
