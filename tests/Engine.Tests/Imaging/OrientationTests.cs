using MedSeg.Engine.Imaging;
using Xunit;

namespace MedSeg.Engine.Tests.Imaging;

public class OrientationTests
{
    private static readonly string[] Pairs = ["RL", "AP", "SI"];

    /// <summary>All 48 ways to name three axes: 6 permutations of the pairs times 8 choices of direction.</summary>
    public static TheoryData<string> AllCodes
    {
        get
        {
            var codes = new TheoryData<string>();
            foreach (var order in new[] { "012", "021", "102", "120", "201", "210" })
            {
                for (var flips = 0; flips < 8; flips++)
                    codes.Add(new string([.. order.Select((p, i) => Pairs[p - '0'][(flips >> i) & 1])]));
            }

            return codes;
        }
    }

    [Fact]
    public void There_are_48_codes() => Assert.Equal(48, Enumerable.ToHashSet<object>(AllCodes.Select<object[], object>(row => row[0])).Count);

    [Theory]
    [MemberData(nameof(AllCodes))]
    public void Codes_name_the_affine_they_were_made_from(string codes) =>
        Assert.Equal(codes, Orientation.Codes(AffineOf(codes)));

    [Theory]
    [MemberData(nameof(AllCodes))]
    public void Apply_gives_RAS_and_every_voxel_keeps_its_place_in_the_world(string codes)
    {
        var volume = Numbered(2, 3, 4, AffineOf(codes), channels: 2);
        var map = Orientation.ToRas(volume.Geometry.Affine);
        var ras = Orientation.Apply(volume, map);
        Assert.Equal("RAS", Orientation.Codes(ras.Geometry.Affine));
        Assert.Equal(World(volume), World(ras));
    }

    [Theory]
    [MemberData(nameof(AllCodes))]
    public void Undo_is_the_exact_inverse(string codes)
    {
        var volume = Numbered(2, 3, 4, AffineOf(codes), channels: 2);
        var map = Orientation.ToRas(volume.Geometry.Affine);
        var back = Orientation.Undo(Orientation.Apply(volume, map), map, volume.Geometry);
        Assert.Equal(volume.Voxels, back.Voxels);
        Assert.Equal(volume.Geometry, back.Geometry);
    }

    [Theory]
    [MemberData(nameof(AllCodes))]
    public void Oblique_affines_take_the_closest_axes(string codes)
    {
        // 20° about each axis in turn, shear and unequal voxels: no axis is more than 45° off its code.
        var affine = Multiply(RotationXyz(0.25, -0.3, 0.2), AffineOf(codes));
        affine[1] += 0.1 * affine[0];
        affine[5] += 0.1 * affine[4];
        affine[9] += 0.1 * affine[8];
        Assert.Equal(codes, Orientation.Codes(affine));
        var volume = Numbered(3, 2, 4, affine, channels: 1);
        var map = Orientation.ToRas(affine);
        Assert.Equal(volume.Voxels, Orientation.Undo(Orientation.Apply(volume, map), map, volume.Geometry).Voxels);
    }

    [Fact]
    public void Axes_that_compete_for_one_direction_are_all_given_one()
    {
        // A rotation whose last two columns both lean to y: the third does so more (0.76 against 0.60) and gets it, the second
        // takes what is left. Giving axes away in file order, or the weakest first, would say SPR.
        double[] affine = [-0.56, -0.56, 0.61, 0, -0.23, -0.6, -0.76, 0, 0.79, -0.57, 0.21, 0, 0, 0, 0, 1];
        Assert.Equal("SLP", Orientation.Codes(affine));
    }

    [Fact]
    public void A_flat_affine_is_refused()
    {
        var error = Assert.Throws<SegException>(() => Orientation.ToRas([1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]));
        Assert.Equal("AffineSingular", error.ErrorId);
    }

    [Fact]
    public void Undo_refuses_a_volume_of_another_size()
    {
        var map = new AxisMap(1, 0, 2, false, true, false);
        Assert.Throws<ArgumentException>(() => Orientation.Undo(
            Numbered(2, 3, 4, AffineOf("RAS"), 1), map, VolumeGeometry.Axial(2, 3, 4, 1, 1, 1)));
    }

    /// <summary>Voxel sizes 1, 1.5 and 2 mm and an origin off zero.</summary>
    internal static double[] AffineOf(string codes)
    {
        var affine = new double[16];
        affine[15] = 1;
        (affine[3], affine[7], affine[11]) = (10, -20, 30);
        for (var axis = 0; axis < 3; axis++)
        {
            var row = Array.FindIndex(Pairs, p => p.Contains(codes[axis]));
            affine[(4 * row) + axis] = (Pairs[row][0] == codes[axis] ? 1 : -1) * (1 + (0.5 * axis));
        }

        return affine;
    }

    internal static Volume Numbered(int x, int y, int z, double[] affine, int channels)
    {
        var voxels = Enumerable.Range(0, x * y * z * channels).Select(i => (float)i).ToArray();
        return new Volume(voxels, new VolumeGeometry(x, y, z, affine), channels);
    }

    /// <summary>World position (rounded) and channel of every value.</summary>
    private static SortedDictionary<float, string> World(Volume v)
    {
        var result = new SortedDictionary<float, string>();
        var (g, a) = (v.Geometry, v.Geometry.Affine);
        for (var c = 0; c < v.Channels; c++)
        {
            for (var i = 0; i < g.VoxelCount; i++)
            {
                int x = i % g.X, y = i / g.X % g.Y, z = i / (g.X * g.Y);
                var place = Enumerable.Range(0, 3)
                    .Select(r => Math.Round((a[4 * r] * x) + (a[(4 * r) + 1] * y) + (a[(4 * r) + 2] * z) + a[(4 * r) + 3], 9) + 0.0);
                result[v.Channel(c)[i]] = $"{c}: {string.Join(' ', place)}";
            }
        }

        return result;
    }

    private static double[] RotationXyz(double a, double b, double c)
    {
        double[] x = [1, 0, 0, 0, 0, Math.Cos(a), -Math.Sin(a), 0, 0, Math.Sin(a), Math.Cos(a), 0, 0, 0, 0, 1];
        double[] y = [Math.Cos(b), 0, Math.Sin(b), 0, 0, 1, 0, 0, -Math.Sin(b), 0, Math.Cos(b), 0, 0, 0, 0, 1];
        double[] z = [Math.Cos(c), -Math.Sin(c), 0, 0, Math.Sin(c), Math.Cos(c), 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
        return Multiply(x, Multiply(y, z));
    }

    private static double[] Multiply(double[] a, double[] b)
    {
        var result = new double[16];
        for (var i = 0; i < 16; i++)
            result[i] = Enumerable.Range(0, 4).Sum(k => a[(i / 4 * 4) + k] * b[(4 * k) + (i % 4)]);
        return result;
    }
}
