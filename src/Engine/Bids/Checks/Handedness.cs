using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Bids.Checks;

/// <summary>
/// The two ways of storing an image that no rotation turns into each other: the first axis runs toward the patient's left (radiological, as
/// LAS) or right (neurological, as RAS) when the other two run toward anterior and superior.
/// </summary>
internal static class Handedness
{
    /// <summary>True when the affine has a negative determinant.</summary>
    public static bool IsRadiological(VolumeGeometry grid)
    {
        var a = grid.Affine;
        return (a[0] * ((a[5] * a[10]) - (a[6] * a[9])))
            - (a[1] * ((a[4] * a[10]) - (a[6] * a[8])))
            + (a[2] * ((a[4] * a[9]) - (a[5] * a[8]))) < 0;
    }
}
