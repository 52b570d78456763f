using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Evaluation;

/// <summary>Two mask files on one grid, whose axes they may store in different orders. The voxel sizes are the prediction's.</summary>
internal sealed record MaskPair(Mask Prediction, Mask Reference, VolumeGeometry Geometry)
{
    /// <summary>Reads both files.</summary>
    /// <exception cref="SegException">See <see cref="MaskMetrics.Measure(MetricsRequest, ISegObserver, CancellationToken)"/>.</exception>
    public static MaskPair Read(string predictionPath, string referencePath, ISegObserver observer, CancellationToken cancellationToken)
    {
        if (ImageFile.IsPicture(predictionPath) && MaskFile.KnownPixelSize([predictionPath, referencePath]) is null)
        {
            observer.Warning(
                $"'{predictionPath}' has no PixelSize in its JSON sidecar, nor has its reference: a pixel counts as 1 mm, so that "
                + "volumes and distances are in pixels.");
        }

        var pixelSize = MaskFile.PixelSizeOf(predictionPath, referencePath);
        var prediction = MaskFile.Read(predictionPath, pixelSize, cancellationToken);
        var reference = MaskFile.Read(referencePath, pixelSize, cancellationToken);
        AxisMap map = Orientation.ToRas(prediction.Geometry.Affine), referenceMap = Orientation.ToRas(reference.Geometry.Affine);
        if (map != referenceMap)
            (prediction, reference) = (Orientation.Apply(prediction, map), Orientation.Apply(reference, referenceMap));
        GridCheck.Require(predictionPath, prediction.Geometry, referencePath, reference.Geometry);
        return new(
            new(prediction.Voxels, MaskFile.ThresholdOf(predictionPath)), new(reference.Voxels, MaskFile.ThresholdOf(referencePath)),
            prediction.Geometry);
    }
}
