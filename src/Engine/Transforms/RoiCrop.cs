using MedSeg.Engine.Configuration;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Transforms;

/// <summary>
/// Cuts or pads with 0 to a given size around the region of interest: the first voxel kept is the region's centre minus half
/// the size, both rounded half to even. Where there is no region, or it is empty, it cuts around the middle as
/// <see cref="CenterCrop"/> does.
/// </summary>
public sealed class RoiCrop : SegTransform
{
    private readonly CropSize _size;

    internal RoiCrop(TransformParameters parameters)
        : base(parameters.Name, parameters.AppliesTo(spatial: true)) => _size = CropSize.Of(parameters);

    internal static ComponentSpec Spec { get; } = new("ROICrop", [CropSize.Parameter]);

    public override bool AtLoad => true;

    public override bool IsSpatial => true;

    public override bool UsesRoi => true;

    public override DrawnTransform Draw(SampleInfo sample, RandomStream? random)
    {
        var to = _size.For(sample.Size);
        var first = CropSize.Middle(sample.Size, to);
        if (sample.RoiCentre is { } centre)
        {
            first = (
                First(centre.H, to.H),
                First(centre.W, to.W),
                _size.HasDepth && sample.Size.D > 1 ? First(centre.D, to.D) : 0);
        }

        return new DrawnCrop(sample, to, first);
    }

    /// <summary>
    /// Centre of a region of interest: the mean index of its voxels, those above half of its maximum. Null when it is empty.
    /// </summary>
    /// <param name="roi">size.Count values, 0 outside the region.</param>
    /// <returns>In voxels of the plane.</returns>
    public static (double H, double W, double D)? CentreOf(ReadOnlySpan<float> roi, GridSize size)
    {
        var half = Maximum(roi[..size.Count]) / 2;
        if (!(half > 0))
            return null;
        long count = 0, sumH = 0, sumW = 0, sumD = 0;
        var i = 0;
        for (var h = 0; h < size.H; h++)
        {
            for (var w = 0; w < size.W; w++)
            {
                for (var d = 0; d < size.D; d++)
                {
                    if (!(roi[i++] > half))
                        continue;
                    count++;
                    (sumH, sumW, sumD) = (sumH + h, sumW + w, sumD + d);
                }
            }
        }

        return count == 0 ? null : ((double)sumH / count, (double)sumW / count, (double)sumD / count);
    }

    private static float Maximum(ReadOnlySpan<float> values)
    {
        var maximum = 0f;
        foreach (var value in values)
        {
            if (value > maximum && float.IsFinite(value))
                maximum = value;
        }

        return maximum;
    }

    private static int First(double centre, int size) => (int)Math.Round(centre, MidpointRounding.ToEven) - CropSize.Half(size);
}
