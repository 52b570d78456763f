using System.Globalization;
using static TorchSharp.torch;

namespace MedSeg.Benchmarks.TransformTable;

/// <summary>The other way to turn samples: batched tensor operations, on one thread, a batch of 8 planes or a single volume.</summary>
internal static class TensorRate
{
    /// <summary>One line for people to read: ns per voxel.</summary>
    public static string Measure(Func<Action, double> fastest)
    {
        var threads = get_num_threads();
        set_num_threads(1);
        try
        {
            var (slice, volume) = (TransformCase.Slice, TransformCase.Volume);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"Affine by tensor operations (affine_grid and grid_sample), one thread: "
                + $"{Affine([8, 1, slice.H, slice.W], 2, fastest):F1} ns per voxel of 8 slices in a batch, {Affine([1, 1, volume.H, volume.W, volume.D], 3, fastest):F1} of a volume.");
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    private static double Affine(long[] shape, int axes, Func<Action, double> fastest)
    {
        using var input = rand(shape);
        using var map = (eye(axes, axes + 1) * 1.05).unsqueeze(0).repeat(shape[0], 1, 1);
        var milliseconds = fastest(() =>
        {
            using var scope = NewDisposeScope();
            using var context = no_grad();
            var grid = nn.functional.affine_grid(map, shape, align_corners: true);
            nn.functional.grid_sample(input, grid, align_corners: true);
        });
        return milliseconds * 1e6 / shape.Aggregate(1L, (a, b) => a * b);
    }
}
