using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Evaluation;

/// <summary>
/// A predicted mask P and its reference G on one grid, counted once; the metrics are made of these figures. Distances are
/// computed when the first metric asks for them, since they cost far more than the counts.
/// </summary>
public sealed class MaskComparison
{
    private readonly Lazy<SurfaceDistances?> _surfaces;

    /// <summary>Compares two masks.</summary>
    /// <param name="prediction">X·Y·Z voxels.</param>
    /// <param name="reference">X·Y·Z voxels.</param>
    /// <param name="geometry">Grid of both, with the voxel sizes.</param>
    /// <param name="cancellationToken">Ends the counting and later the distances.</param>
    public MaskComparison(Mask prediction, Mask reference, VolumeGeometry geometry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        if (prediction.Values.Length != geometry.VoxelCount || reference.Values.Length != geometry.VoxelCount)
            throw new ArgumentException("The masks do not have the size of the grid.", nameof(geometry));
        cancellationToken.ThrowIfCancellationRequested();
        var crop = MaskCrop.Of(prediction, reference, new(geometry.X, geometry.Y, geometry.Z));
        Voxels = geometry.VoxelCount;
        VoxelVolume = geometry.VoxelVolume;
        PredictionVoxels = crop.Prediction.LongCount(v => v);
        ReferenceVoxels = crop.Reference.LongCount(v => v);
        TruePositives = crop.Prediction.Zip(crop.Reference).LongCount(v => v.First && v.Second);
        _surfaces = new(() => PredictionVoxels == 0 || ReferenceVoxels == 0
            ? null
            : SurfaceDistances.Between(crop, geometry.Spacing, cancellationToken));
    }

    /// <summary>Voxels of the whole image.</summary>
    public long Voxels { get; }

    /// <summary>Volume of one voxel in mm³.</summary>
    public double VoxelVolume { get; }

    /// <summary>|P|.</summary>
    public long PredictionVoxels { get; }

    /// <summary>|G|.</summary>
    public long ReferenceVoxels { get; }

    /// <summary>|P∩G|.</summary>
    public long TruePositives { get; }

    /// <summary>Voxels in neither mask.</summary>
    public long TrueNegatives => Voxels - PredictionVoxels - ReferenceVoxels + TruePositives;

    internal Overlap Overlap => new(TruePositives, PredictionVoxels, ReferenceVoxels, Voxels);

    /// <summary>Distances between the surfaces; null when a mask is empty.</summary>
    public SurfaceDistances? Surfaces => _surfaces.Value;
}
