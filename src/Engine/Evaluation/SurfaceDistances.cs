namespace MedSeg.Engine.Evaluation;

/// <summary>Distances in mm between the surfaces of two masks, each direction in ascending order.</summary>
/// <param name="FromPrediction">From each surface voxel of the prediction to the nearest one of the reference.</param>
/// <param name="FromReference">From each surface voxel of the reference to the nearest one of the prediction.</param>
/// <remarks>
/// A surface voxel is a voxel of the mask with a face neighbour outside the mask; beyond the image is outside. Distances are
/// between voxel centres. An axis along which the whole image has one voxel has no neighbours, so 2D masks have an outline.
/// </remarks>
public sealed record SurfaceDistances(double[] FromPrediction, double[] FromReference)
{
    /// <summary>Distances between two masks on one grid; null when one is empty.</summary>
    /// <param name="size">Voxels of the grid.</param>
    /// <param name="spacing">Voxel sizes in mm.</param>
    internal static SurfaceDistances? Between(
        Mask prediction, Mask reference, Box size, (double X, double Y, double Z) spacing, CancellationToken cancellationToken)
    {
        var crop = MaskCrop.Of(prediction, reference, size);
        return crop.Prediction.Contains(true) && crop.Reference.Contains(true) ? Between(crop, spacing, cancellationToken) : null;
    }

    /// <summary>Distances between two non-empty masks cut to a box that holds both.</summary>
    internal static SurfaceDistances Between(MaskCrop crop, (double X, double Y, double Z) spacing, CancellationToken cancellationToken)
    {
        var prediction = Surface(crop.Prediction, crop.Box, crop.Flat);
        var reference = Surface(crop.Reference, crop.Box, crop.Flat);
        return new(
            Ascending(prediction, DistanceTransform.Squared(reference, crop.Box, spacing, cancellationToken)),
            Ascending(reference, DistanceTransform.Squared(prediction, crop.Box, spacing, cancellationToken)));
    }

    private static bool[] Surface(bool[] mask, Box box, (bool X, bool Y, bool Z) flat)
    {
        var surface = new bool[mask.Length];
        var plane = box.X * box.Y;
        for (int z = 0, i = 0; z < box.Z; z++)
        {
            for (var y = 0; y < box.Y; y++)
            {
                for (var x = 0; x < box.X; x++, i++)
                {
                    surface[i] = mask[i]
                        && ((!flat.X && (x == 0 || x == box.X - 1 || !mask[i - 1] || !mask[i + 1]))
                            || (!flat.Y && (y == 0 || y == box.Y - 1 || !mask[i - box.X] || !mask[i + box.X]))
                            || (!flat.Z && (z == 0 || z == box.Z - 1 || !mask[i - plane] || !mask[i + plane])));
                }
            }
        }

        return flat is (true, true, true) ? mask : surface;
    }

    private static double[] Ascending(bool[] surface, double[] squared)
    {
        var distances = new List<double>();
        for (var i = 0; i < surface.Length; i++)
        {
            if (surface[i])
            {
                distances.Add(Math.Sqrt(squared[i]));
            }
        }

        distances.Sort();
        return [.. distances];
    }
}
