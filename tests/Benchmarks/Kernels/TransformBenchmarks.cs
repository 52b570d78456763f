using BenchmarkDotNet.Attributes;
using MedSeg.Engine.Transforms;

namespace MedSeg.Benchmarks.Kernels;

/// <summary>The kernels behind Resample and RandomAffine.</summary>
[MemoryDiagnoser]
public class TransformBenchmarks
{
    private static readonly GridSize Cube = new(128, 128, 128);
    private static readonly GridSize Target = new(192, 192, 90);
    private static readonly GridSize Slice = new(256, 256);

    private readonly float[] _cube = SampleVolume.Create(128).Voxels;
    private readonly float[] _target = new float[Target.Count];
    private readonly float[] _slice = SampleVolume.Create(64).Voxels[..(256 * 256)];
    private readonly float[] _turned = new float[Slice.Count];
    private readonly AffineStep _step = AffineStep.Of(Slice, 0.1, (0, 1), [1.1, 0.9, 1], [3, -4, 0]);

    [Params(1, 2)]
    public int Order { get; set; }

    /// <summary>128³ to 192×192×90.</summary>
    [Benchmark]
    public void SplineVolume() => SplineResampler.Resample(_cube, Cube, _target, Target, Order);

    /// <summary>One 256×256 slice, linear whatever the order.</summary>
    [Benchmark]
    public void AffineSlice() => AffineResampler.Resample(_slice, Slice, _step, _turned);
}
