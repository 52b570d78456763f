using System.Globalization;

namespace MedSeg.Engine.Networks;

/// <summary>Sizes of images or volumes that a network can compute with.</summary>
/// <param name="Dimensions">2 for images, 3 for volumes.</param>
/// <param name="Minimum">Smallest side in pixels or voxels.</param>
/// <param name="Multiple">Every side must be a multiple of this.</param>
public sealed record InputSizes(int Dimensions, int Minimum, int Multiple)
{
    /// <summary>Volumes: the deepest level must have two voxels, since normalising one voxel of one instance always gives 0.</summary>
    /// <param name="sides">One number per dimension.</param>
    public bool Fits(ReadOnlySpan<long> sides)
    {
        if (sides.Length != Dimensions)
            return false;
        var longest = 0L;
        foreach (var side in sides)
        {
            if (side < Minimum || side % Multiple != 0)
                return false;
            longest = Math.Max(longest, side);
        }

        return Dimensions == 2 || longest >= 2L * Minimum;
    }

    /// <summary>For messages: "at least 16×16×16 voxels, one side at least 32, each side a multiple of 16".</summary>
    public override string ToString()
    {
        var multiple = Multiple > 1 ? string.Create(CultureInfo.InvariantCulture, $", each side a multiple of {Multiple}") : "";
        return Dimensions == 2
            ? string.Create(CultureInfo.InvariantCulture, $"at least {Minimum}×{Minimum} pixels{multiple}")
            : string.Create(CultureInfo.InvariantCulture, $"at least {Minimum}×{Minimum}×{Minimum} voxels, one side at least {2 * Minimum}{multiple}");
    }
}
