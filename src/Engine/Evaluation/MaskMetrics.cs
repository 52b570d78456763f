namespace MedSeg.Engine.Evaluation;

/// <summary>Compares a predicted mask with its reference.</summary>
public static class MaskMetrics
{
    /// <summary>Reads both files and computes every metric of <see cref="MetricRegistry"/>.</summary>
    /// <param name="request">The two files.</param>
    /// <param name="observer">Warned where lengths are not known.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="SegException">
    /// A file cannot be read, has several channels, or the two do not lie on one grid (<c>MaskShapeMismatch</c>, <c>MaskGridMismatch</c>).
    /// </exception>
    public static SegMetrics Measure(MetricsRequest request, ISegObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(observer);
        var pair = MaskPair.Read(request.PredictionPath, request.ReferencePath, observer, cancellationToken);
        return Measure(request, new MaskComparison(pair.Prediction, pair.Reference, pair.Geometry, cancellationToken));
    }

    /// <summary>The same for masks in memory.</summary>
    internal static SegMetrics Measure(MetricsRequest request, MaskComparison comparison)
    {
        var values = MetricRegistry.Metrics.ToDictionary(m => m.Name, m => m.Compute(comparison), StringComparer.Ordinal);
        return new()
        {
            ImageId = request.ImageId,
            Subject = request.Subject,
            Contrast = request.Contrast,
            Class = request.Class,
            PredictionPath = request.PredictionPath,
            ReferencePath = request.ReferencePath,
            Dice = values[nameof(SegMetrics.Dice)],
            IoU = values[nameof(SegMetrics.IoU)],
            Precision = values[nameof(SegMetrics.Precision)],
            Recall = values[nameof(SegMetrics.Recall)],
            Specificity = values[nameof(SegMetrics.Specificity)],
            PredictionVolume = values[nameof(SegMetrics.PredictionVolume)],
            ReferenceVolume = values[nameof(SegMetrics.ReferenceVolume)],
            RelativeVolumeDifference = values[nameof(SegMetrics.RelativeVolumeDifference)],
            AbsoluteVolumeDifference = values[nameof(SegMetrics.AbsoluteVolumeDifference)],
            Hausdorff = values[nameof(SegMetrics.Hausdorff)],
            Hausdorff95 = values[nameof(SegMetrics.Hausdorff95)],
            AverageSurfaceDistance = values[nameof(SegMetrics.AverageSurfaceDistance)],
        };
    }
}
