using MedSeg.Engine.Evaluation;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Tests.Evaluation;

/// <summary>Small masks to compare.</summary>
internal static class Masks
{
    /// <summary>A mask of the voxels for which a rule holds.</summary>
    public static float[] Where(VolumeGeometry grid, Func<int, int, int, bool> rule)
    {
        var values = new float[grid.VoxelCount];
        for (int z = 0, i = 0; z < grid.Z; z++)
        {
            for (var y = 0; y < grid.Y; y++)
            {
                for (var x = 0; x < grid.X; x++, i++)
                    values[i] = rule(x, y, z) ? 1 : 0;
            }
        }

        return values;
    }

    /// <summary>Voxels from <paramref name="low"/> up to, not including, <paramref name="high"/> on every axis.</summary>
    public static float[] Cube(VolumeGeometry grid, int low, int high, int shiftX = 0) =>
        Where(grid, (x, y, z) => x >= low + shiftX && x < high + shiftX && y >= low && y < high && z >= low && z < high);

    /// <summary>Each voxel on its own.</summary>
    public static float[] Random(VolumeGeometry grid, RandomStream random, double density) => Where(grid, (_, _, _) => random.NextDouble() < density);

    /// <summary>Every metric by its name.</summary>
    public static IReadOnlyDictionary<string, double> Measure(float[] prediction, float[] reference, VolumeGeometry grid)
    {
        var comparison = new MaskComparison(new(prediction), new(reference), grid, CancellationToken.None);
        return MetricRegistry.Metrics.ToDictionary(m => m.Name, m => m.Compute(comparison));
    }
}
