namespace MedSeg.Engine.Evaluation;

/// <summary>Two masks cut to the smallest box that holds both. What lies outside belongs to neither.</summary>
/// <param name="Prediction">Box voxels, x fastest.</param>
/// <param name="Reference">Box voxels, x fastest.</param>
/// <param name="Box">Size; 0 voxels when both masks are empty.</param>
/// <param name="Flat">Axes along which the whole image has one voxel.</param>
internal sealed record MaskCrop(bool[] Prediction, bool[] Reference, Box Box, (bool X, bool Y, bool Z) Flat)
{
    /// <summary>Cuts; a voxel belongs to a mask where its value is at least the mask's threshold.</summary>
    public static MaskCrop Of(Mask prediction, Mask reference, Box image)
    {
        var (low, high) = Bounds(prediction, reference, image);
        var box = new Box(high.X - low.X, high.Y - low.Y, high.Z - low.Z);
        var p = new bool[box.Count];
        var g = new bool[box.Count];
        for (int z = 0, to = 0; z < box.Z; z++)
        {
            for (var y = 0; y < box.Y; y++)
            {
                var from = ((((low.Z + z) * image.Y) + low.Y + y) * image.X) + low.X;
                for (var x = 0; x < box.X; x++, to++)
                {
                    p[to] = prediction.Has(from + x);
                    g[to] = reference.Has(from + x);
                }
            }
        }

        return new(p, g, box, (image.X == 1, image.Y == 1, image.Z == 1));
    }

    private static (Box Low, Box High) Bounds(Mask prediction, Mask reference, Box image)
    {
        int lowX = image.X, lowY = image.Y, lowZ = image.Z, highX = 0, highY = 0, highZ = 0;
        for (int z = 0, i = 0; z < image.Z; z++)
        {
            for (var y = 0; y < image.Y; y++)
            {
                for (var x = 0; x < image.X; x++, i++)
                {
                    if (!prediction.Has(i) && !reference.Has(i))
                    {
                        continue;
                    }

                    (lowX, highX) = (Math.Min(lowX, x), Math.Max(highX, x + 1));
                    (lowY, highY) = (Math.Min(lowY, y), Math.Max(highY, y + 1));
                    (lowZ, highZ) = (Math.Min(lowZ, z), Math.Max(highZ, z + 1));
                }
            }
        }

        return highX == 0 ? (default, default) : (new(lowX, lowY, lowZ), new(highX, highY, highZ));
    }
}
