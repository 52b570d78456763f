using MedSeg.Engine.Imaging;

namespace MedSeg.Benchmarks;

/// <summary>A volume that compresses like an MRI scan: smooth shapes with noise, black outside.</summary>
internal static class SampleVolume
{
    /// <summary>A cube of whole numbers from 0 to about 1,500.</summary>
    public static Volume Create(int size)
    {
        var random = new Random(1);
        var voxels = new float[size * size * size];
        var i = 0;
        for (var z = 0; z < size; z++)
        {
            for (var y = 0; y < size; y++)
            {
                for (var x = 0; x < size; x++)
                {
                    double u = (2.0 * x / size) - 1, v = (2.0 * y / size) - 1, w = (2.0 * z / size) - 1;
                    var inside = (u * u) + (v * v) + (w * w) < 0.8;
                    var tissue = inside ? 700 + (300 * Math.Sin(7 * u) * Math.Cos(5 * v)) + (200 * w) : 0;
                    voxels[i++] = (float)Math.Max(0, Math.Round(tissue + (inside ? 60 : 3) * (random.NextDouble() - 0.5)));
                }
            }
        }

        return new Volume(voxels, VolumeGeometry.Axial(size, size, size, 1, 1, 1));
    }

    /// <summary>A new folder for one benchmark.</summary>
    public static string TemporaryFolder() => Directory.CreateTempSubdirectory("medseg-bench-").FullName;
}
