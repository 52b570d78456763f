using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Transforms;
using Xunit;
using static MedSeg.Engine.Tests.Transforms.TransformBuilder;

namespace MedSeg.Engine.Tests.Transforms;

public class GaussianFilterTests
{
    [Theory]
    [InlineData(0.7, true)]
    [InlineData(0.7, false)]
    [InlineData(3.0, true)]
    [InlineData(3.0, false)]
    public void Agrees_with_the_sum_over_the_whole_kernel(double sigma, bool reflect)
    {
        var size = new GridSize(5, 20, 4);
        var source = Noise(size.Count, 1);
        var boundary = reflect ? GaussianBoundary.Reflect : GaussianBoundary.Zero;
        var found = new float[size.Count];
        new GaussianFilter(size, sigma, boundary, 2.5).Run(source, found);
        Near(Direct(source, size, sigma, reflect, 2.5), found, 1e-5);
    }

    [Fact]
    public void Works_in_place_and_leaves_axes_of_one_voxel_alone()
    {
        var size = new GridSize(30, 45);
        var source = Noise(size.Count, 2);
        var apart = new float[size.Count];
        var filter = new GaussianFilter(size, 2, GaussianBoundary.Zero);
        filter.Run(source, apart);
        filter.Run(source, source);
        Assert.Equal(apart, source);
        Near(Direct(Noise(size.Count, 2), size, 2, reflect: false, 1), apart, 1e-5);
    }

    [Fact]
    public void No_width_changes_nothing_and_the_kernel_sums_to_one()
    {
        var source = Noise(12, 4);
        var result = new float[12];
        new GaussianFilter(new GridSize(3, 4), 0, GaussianBoundary.Reflect).Run(source, result);
        Assert.Equal(source, result);
        new GaussianFilter(new GridSize(1, 1), 3, GaussianBoundary.Zero, 5).Run([2], result);
        Assert.Equal(10, result[0]);
        Assert.Equal(1, GaussianFilter.Kernel(3.5).Sum(), 12);
        Assert.Equal((2 * 14) + 1, GaussianFilter.Kernel(3.5).Length);
    }

    [SharedFact]
    public void Agrees_with_the_reference()
    {
        foreach (var c in Golden.Load("transforms").Of("RandomBlur"))
        {
            var x = c.In("x");
            var size = new GridSize(x.Shape[0], x.Shape[1], x.Shape.Length > 2 ? x.Shape[2] : 1);
            var y = new float[size.Count];
            new GaussianFilter(size, c.Parameters.GetProperty("sigma").GetDouble(), GaussianBoundary.Reflect).Run(x.Floats(), y);
            Near(c.Out("y").Floats(), y, 1e-5);
        }
    }

    private static float[] Direct(float[] source, GridSize size, double sigma, bool reflect, double gain)
    {
        var kernel = GaussianFilter.Kernel(sigma);
        var r = kernel.Length / 2;
        double At(int h, int w, int d)
        {
            int? Index(int i, int n)
            {
                while (reflect && (i < 0 || i >= n))
                    i = i < 0 ? -1 - i : (2 * n) - 1 - i;
                return i >= 0 && i < n ? i : null;
            }

            return Index(h, size.H) is { } a && Index(w, size.W) is { } b && Index(d, size.D) is { } c
                ? source[(((a * size.W) + b) * size.D) + c]
                : 0;
        }

        // Three sums of one axis each; the boundary makes no difference between axes.
        double Along(Func<int, double> at, int i, bool alone)
        {
            if (alone)
                return at(i);
            var sum = 0.0;
            for (var t = -r; t <= r; t++)
                sum += kernel[t + r] * at(i + t);
            return sum;
        }

        return Filled(size, (h, w, d) => (float)(gain * Along(
            i => Along(j => Along(k => At(i, j, k), d, size.D == 1), w, size.W == 1), h, size.H == 1)));
    }
}
