using MedSeg.Engine.Evaluation;
using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Reporting;

/// <summary>One class, read. A value of 1 is inside; null where there is no such mask.</summary>
internal sealed record OverlayClass(string Name, Volume? Prediction, Volume? Reference);

/// <summary>An image and its masks, turned to RAS+.</summary>
internal sealed record OverlayInput(Volume Image, IReadOnlyList<OverlayClass> Classes, bool IsPicture)
{
    /// <summary>Reads all files; each mask must lie on the image's grid.</summary>
    public static OverlayInput Read(OverlayRequest request, CancellationToken cancellationToken)
    {
        var masks = request.Masks.SelectMany(m => new[] { m.PredictionPath, m.ReferencePath }).OfType<string>();
        var pixelSize = MaskFile.PixelSizeOf(masks.Prepend(request.ImagePath));
        var image = ToRas(ImageFile.Read(request.ImagePath, pixelSize, cancellationToken));
        Volume? Mask(string? path)
        {
            if (path is null)
                return null;
            var volume = ToRas(MaskFile.Read(path, pixelSize, cancellationToken));
            GridCheck.Require(path, volume.Geometry, request.ImagePath, image.Geometry);
            var threshold = MaskFile.ThresholdOf(path);
            return new(Array.ConvertAll(volume.Voxels, v => v >= threshold ? 1f : 0f), image.Geometry);
        }

        OverlayClass[] classes = [.. request.Masks.Select(m => new OverlayClass(m.Name, Mask(m.PredictionPath), Mask(m.ReferencePath)))];
        return new(image, classes, ImageFile.IsPicture(request.ImagePath));
    }

    private static Volume ToRas(Volume volume) => Orientation.Apply(volume, Orientation.ToRas(volume.Geometry.Affine));
}
