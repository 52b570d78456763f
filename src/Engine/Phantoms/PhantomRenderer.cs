using MedSeg.Engine.Imaging;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Phantoms;

/// <summary>Turns tissues into an MRI-like image: partial volume, a smooth receiver field and Rician noise.</summary>
internal static class PhantomRenderer
{
    /// <summary>An image of whole numbers from 0 to about 1500.</summary>
    public static Volume Render(TissueMap tissues, PhantomContrast contrast, RandomStream random)
    {
        var geometry = tissues.Geometry;
        var field = ReceiverField.Draw(random);
        var gain = random.NextUniform(0.85, 1.15);
        var voxels = new float[geometry.VoxelCount];
        var i = 0;
        for (var z = 0; z < geometry.Z; z++)
        {
            for (var y = 0; y < geometry.Y; y++)
            {
                for (var x = 0; x < geometry.X; x++, i++)
                {
                    var signal = gain * MeanSignal(tissues[i], contrast) * field.At(Relative(x, geometry.X), Relative(y, geometry.Y), Relative(z, geometry.Z));
                    var real = signal + random.Normal(0, contrast.Noise);
                    var imaginary = random.Normal(0, contrast.Noise);
                    voxels[i] = (float)Math.Round(Math.Sqrt((real * real) + (imaginary * imaginary)));
                }
            }
        }

        return new Volume(voxels, geometry);
    }

    private static double MeanSignal(ReadOnlySpan<Tissue> samples, PhantomContrast contrast)
    {
        var sum = 0.0;
        foreach (var tissue in samples)
            sum += contrast.Signal[(int)tissue];
        return sum / samples.Length;
    }

    /// <summary>−1 at the first voxel, 1 at the last.</summary>
    private static double Relative(int index, int count) => count < 2 ? 0 : (2.0 * index / (count - 1)) - 1;

    /// <summary>A polynomial of second degree around 1, as a receiver coil leaves behind.</summary>
    private readonly record struct ReceiverField(double X, double Y, double Z, double Xx, double Yy, double Xy)
    {
        public static ReceiverField Draw(RandomStream random) => new(
            random.NextUniform(-0.12, 0.12),
            random.NextUniform(-0.15, 0.15),
            random.NextUniform(-0.08, 0.08),
            random.NextUniform(-0.1, 0),
            random.NextUniform(-0.1, 0),
            random.NextUniform(-0.05, 0.05));

        public double At(double x, double y, double z) =>
            1 + (X * x) + (Y * y) + (Z * z) + (Xx * x * x) + (Yy * y * y) + (Xy * x * y);
    }
}
