namespace MedSeg;

/// <summary>
/// Agreement of one predicted mask with its reference. NaN where a figure is not defined (docs/metrics.md has the rules for
/// empty masks). P is the prediction, G the reference, counted in voxels.
/// </summary>
public sealed record SegMetrics
{
    public required string ImageId { get; init; }

    public required string? Subject { get; init; }

    public required string? Contrast { get; init; }

    public required string Class { get; init; }

    public required string PredictionPath { get; init; }

    public required string ReferencePath { get; init; }

    /// <summary>2|P∩G| / (|P|+|G|), 0 to 1.</summary>
    public required double Dice { get; init; }

    /// <summary>|P∩G| / |P∪G|, 0 to 1.</summary>
    public required double IoU { get; init; }

    /// <summary>|P∩G| / |P|, 0 to 1.</summary>
    public required double Precision { get; init; }

    /// <summary>|P∩G| / |G|, 0 to 1.</summary>
    public required double Recall { get; init; }

    /// <summary>True negatives / (true negatives + false positives), 0 to 1.</summary>
    public required double Specificity { get; init; }

    /// <summary>Volume of the prediction in mm³.</summary>
    public required double PredictionVolume { get; init; }

    /// <summary>Volume of the reference in mm³.</summary>
    public required double ReferenceVolume { get; init; }

    /// <summary>(V_G − V_P) / V_G: positive where the prediction is too small.</summary>
    public required double RelativeVolumeDifference { get; init; }

    /// <summary>|V_G − V_P| / V_G.</summary>
    public required double AbsoluteVolumeDifference { get; init; }

    /// <summary>Largest distance between the two surfaces, both directions, in mm.</summary>
    public required double Hausdorff { get; init; }

    /// <summary>95th percentile of the distances between the two surfaces, the larger of both directions, in mm.</summary>
    public required double Hausdorff95 { get; init; }

    /// <summary>Mean distance between the two surfaces over the points of both, in mm.</summary>
    public required double AverageSurfaceDistance { get; init; }
}
