using MedSeg.Engine.Evaluation;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Runtime;
using Xunit;

namespace MedSeg.Engine.Tests.Evaluation;

public class SurfaceDistanceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_shifted_cube_is_as_far_away_as_the_shift(int shift)
    {
        var grid = VolumeGeometry.Axial(20, 20, 20, 0.5, 2, 3);
        var m = Masks.Measure(Masks.Cube(grid, 5, 13, shift), Masks.Cube(grid, 5, 13), grid);
        Assert.Equal(shift * 0.5, m["Hausdorff"], 12);
        Assert.Equal(shift * 0.5, m["Hausdorff95"], 12);
        Assert.InRange(m["AverageSurfaceDistance"], 0.01, shift * 0.5);
    }

    [Fact]
    public void Two_voxels_are_as_far_apart_as_their_centres()
    {
        var grid = VolumeGeometry.Axial(10, 10, 10, 1, 2, 3);
        var m = Masks.Measure(
            Masks.Where(grid, (x, y, z) => (x, y, z) == (1, 1, 1)), Masks.Where(grid, (x, y, z) => (x, y, z) == (4, 3, 5)), grid);
        var expected = Math.Sqrt(9 + 16 + 144);
        Assert.Equal(expected, m["Hausdorff"], 12);
        Assert.Equal(expected, m["Hausdorff95"], 12);
        Assert.Equal(expected, m["AverageSurfaceDistance"], 12);
    }

    [Theory]
    [InlineData(1.0, 1.0, 1.0)]
    [InlineData(0.5, 0.5, 2.0)]
    public void Concentric_spheres_are_apart_by_the_difference_of_their_radii(double x, double y, double z)
    {
        const double Inner = 8, Outer = 12;
        var grid = VolumeGeometry.Axial((int)(30 / x), (int)(30 / y), (int)(30 / z), x, y, z);
        float[] Sphere(double radius) => Masks.Where(
            grid, (i, j, k) => Math.Sqrt(Square((i * x) - 15) + Square((j * y) - 15) + Square((k * z) - 15)) <= radius);
        var m = Masks.Measure(Sphere(Inner), Sphere(Outer), grid);
        var voxel = Math.Max(x, Math.Max(y, z));
        Assert.InRange(m["AverageSurfaceDistance"], Outer - Inner - (voxel / 2), Outer - Inner + (voxel / 2));
        Assert.InRange(m["Hausdorff"], Outer - Inner - (voxel / 2), Outer - Inner + voxel);
        Assert.InRange(m["PredictionVolume"] / (4.0 / 3 * Math.PI * Inner * Inner * Inner), 0.97, 1.03);
    }

    [Fact]
    public void One_stray_voxel_moves_the_Hausdorff_distance_but_not_its_95th_percentile()
    {
        var grid = VolumeGeometry.Axial(40, 20, 20, 1, 1, 1);
        var cube = Masks.Cube(grid, 4, 14);
        var stray = Masks.Where(grid, (x, y, z) => cube[(((z * 20) + y) * 40) + x] > 0 || (x, y, z) == (39, 8, 8));
        var m = Masks.Measure(stray, cube, grid);
        Assert.Equal(39 - 13, m["Hausdorff"], 12);
        Assert.Equal(0, m["Hausdorff95"], 12);
    }

    [Fact]
    public void The_border_of_the_image_is_a_surface()
    {
        // A full image: only its outermost layer is surface, so the voxel in the middle is 2 away from it.
        var grid = VolumeGeometry.Axial(5, 5, 5, 1, 1, 1);
        var m = Masks.Measure(Masks.Where(grid, (x, y, z) => (x, y, z) == (2, 2, 2)), Masks.Where(grid, (_, _, _) => true), grid);
        Assert.Equal(2, new MaskComparison(
            new(Masks.Where(grid, (x, y, z) => (x, y, z) == (2, 2, 2))), new(Masks.Where(grid, (_, _, _) => true)), grid, CancellationToken.None)
            .Surfaces!.FromPrediction.Single(), 12);
        Assert.Equal(Math.Sqrt(12), m["Hausdorff"], 12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Random_masks_have_the_distances_of_a_search_over_all_pairs(int seed)
    {
        var random = new RandomStream(seed);
        var grid = VolumeGeometry.Axial(
            1 + random.Next(9), 1 + random.Next(9), seed % 3 == 0 ? 1 : 1 + random.Next(7),
            0.3 + random.NextDouble(), 0.3 + (2 * random.NextDouble()), 0.3 + (4 * random.NextDouble()));
        foreach (var density in new[] { 0.05, 0.3, 0.8 })
        {
            var p = Masks.Random(grid, random, density);
            var g = Masks.Random(grid, random, density);
            p[random.Next(p.Length)] = g[random.Next(g.Length)] = 1;
            var expected = BruteForce(p, g, grid);
            var actual = new MaskComparison(new(p), new(g), grid, CancellationToken.None).Surfaces!;
            AssertClose(expected.FromPrediction, actual.FromPrediction);
            AssertClose(expected.FromReference, actual.FromReference);
        }
    }

    [Fact]
    public void The_percentile_lies_between_ranks_on_a_line()
    {
        Assert.Equal(9.5, Hausdorff95.Percentile([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.95), 12);
        Assert.Equal(3.85, Hausdorff95.Percentile([1, 2, 3, 4], 0.95), 12);
        Assert.Equal(7, Hausdorff95.Percentile([7], 0.95), 12);
    }

    [Fact]
    public void The_work_can_be_cancelled()
    {
        var grid = VolumeGeometry.Axial(20, 20, 20, 1, 1, 1);
        var cube = Masks.Cube(grid, 2, 9);
        using var source = new CancellationTokenSource();
        var comparison = new MaskComparison(new(cube), new(cube), grid, source.Token);
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => comparison.Surfaces);
    }

    private static double Square(double value) => value * value;

    private static void AssertClose(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 9));
    }

    private static SurfaceDistances BruteForce(float[] prediction, float[] reference, VolumeGeometry grid)
    {
        var p = SurfacePoints(prediction, grid);
        var g = SurfacePoints(reference, grid);
        return new(Nearest(p, g), Nearest(g, p));
    }

    private static double[] Nearest(List<double[]> from, List<double[]> to) =>
        [.. from.Select(a => to.Min(b => Math.Sqrt(a.Zip(b).Sum(c => Square(c.First - c.Second))))).Order()];

    private static List<double[]> SurfacePoints(float[] mask, VolumeGeometry grid)
    {
        var (sx, sy, sz) = grid.Spacing;
        bool Has(int x, int y, int z) =>
            x >= 0 && y >= 0 && z >= 0 && x < grid.X && y < grid.Y && z < grid.Z && mask[(((z * grid.Y) + y) * grid.X) + x] > 0;
        var points = new List<double[]>();
        foreach (var (x, y, z) in from z in Enumerable.Range(0, grid.Z) from y in Enumerable.Range(0, grid.Y) from x in Enumerable.Range(0, grid.X) select (x, y, z))
        {
            var inside = (grid.X == 1 || (Has(x - 1, y, z) && Has(x + 1, y, z)))
                && (grid.Y == 1 || (Has(x, y - 1, z) && Has(x, y + 1, z)))
                && (grid.Z == 1 || (Has(x, y, z - 1) && Has(x, y, z + 1)));
            if (Has(x, y, z) && (!inside || grid.VoxelCount == 1))
                points.Add([x * sx, y * sy, z * sz]);
        }

        return points;
    }
}
