using MedSeg.Engine.Evaluation;

namespace MedSeg.Engine;

public static partial class SegEngine
{
    /// <summary>Compares one predicted mask with its reference, both read from their files (docs/metrics.md).</summary>
    /// <exception cref="SegException">
    /// A file cannot be read (the image errors), <c>MaskNotFound</c>, <c>MaskHasChannels</c>, <c>MaskShapeMismatch</c> or <c>MaskGridMismatch</c>.
    /// </exception>
    public static SegMetrics Measure(MetricsRequest request, ISegObserver observer, CancellationToken ct) => MaskMetrics.Measure(request, observer, ct);
}
