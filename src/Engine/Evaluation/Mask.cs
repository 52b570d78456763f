namespace MedSeg.Engine.Evaluation;

/// <summary>Voxel values that are read as a mask. NaN belongs to no mask.</summary>
/// <param name="Values">One channel, x fastest.</param>
/// <param name="Threshold">A voxel belongs to the mask where its value is at least this.</param>
public readonly record struct Mask(float[] Values, float Threshold = Mask.Half)
{
    /// <summary>The threshold for values from 0 to 1.</summary>
    public const float Half = 0.5f;

    internal bool Has(int voxel) => Values[voxel] >= Threshold;
}
