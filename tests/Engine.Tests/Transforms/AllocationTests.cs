using MedSeg.Engine.Runtime;
using MedSeg.Engine.Transforms;
using Xunit;
using static MedSeg.Engine.Tests.Transforms.TransformBuilder;

namespace MedSeg.Engine.Tests.Transforms;

/// <summary>The steps that run for every sample live on pooled memory: what is left does not grow with the sample.</summary>
public class AllocationTests
{
    private const int Rounds = 20;

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public void Augmentation_allocates_far_less_than_one_plane(int depth)
    {
        var size = new GridSize(64, 60, depth);
        SegTransform[] stage =
        [
            Create("RandomReverse"),
            Create("RandomAffine", ("degrees", 10L), ("scale", new[] { 0.1, 0.1, 0.1 }), ("translate", new[] { 0.1, 0.1, 0.1 })),
            Create("ElasticTransform", ("alpha_range", new[] { 10.0, 20.0 }), ("sigma_range", new[] { 3.5, 4.5 }), ("p", 0.5)),
            Create("NormalizeInstance"),
        ];
        var (source, result) = (Noise(size.Count, 1), new float[size.Count]);
        var allocated = PerSample(seed =>
        {
            var drawn = TransformPipeline.Draw(stage, Sample(size), new RandomStream(seed));
            drawn.Apply(source, result, SampleKinds.Image);
            drawn.Apply(source, result, SampleKinds.Label);
            drawn.Release();
        });
        Assert.InRange(allocated, 1, 8 * 1024);
    }

    [Fact]
    public void Applying_and_undoing_allocate_nothing_once_drawn()
    {
        var size = new GridSize(70, 50);
        SegTransform[] stage =
        [
            Create("Resample", ("hspace", 0.75), ("wspace", 0.75)),
            Create("CenterCrop", ("size", new[] { 64, 64 })),
        ];
        var drawn = TransformPipeline.Draw(stage, Sample(size), null);
        var (source, result, back) = (Noise(size.Count, 1), new float[64 * 64], new float[size.Count]);
        var allocated = PerSample(_ =>
        {
            drawn.Apply(source, result, SampleKinds.Image);
            drawn.Apply(source, result, SampleKinds.Label);
            drawn.Undo(result, back);
        });
        Assert.Equal(0, allocated);
    }

    /// <summary>Bytes allocated by one sample: the least of several rounds, because a pool may be trimmed in between.</summary>
    private static long PerSample(Action<int> sample)
    {
        var least = long.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            const int samples = 10;
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < samples; i++)
                sample((samples * round) + i);
            least = Math.Min(least, (GC.GetAllocatedBytesForCurrentThread() - before) / samples);
        }

        return least;
    }
}
