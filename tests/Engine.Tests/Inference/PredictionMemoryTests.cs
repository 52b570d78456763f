using MedSeg.Engine.Data.Patches;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Inference;
using MedSeg.Engine.Tests.Data;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Tests.Training;
using MedSeg.Engine.Transforms;
using Xunit;

namespace MedSeg.Engine.Tests.Inference;

/// <summary>Counts what the whole process allocates, so these tests run alone.</summary>
[Collection(TorchGlobalState.Name)]
public sealed class PredictionMemoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(32)]
    [InlineData(4)]
    public void Overlapping_patches_take_no_more_memory_than_slices(int stride)
    {
        const int Size = 96;
        const int Slices = 40;
        var volume = DatasetOnDisk.Make(VolumeGeometry.Axial(Size, Size, Slices, 1, 1, 1), (x, y, z) => ((x * y) + z) / 10000f);
        var model = CopyModel.Create(_folder.File("model"), ["_a"]);
        using var runner = new ModelRunner(model, "cpu", new PatchSettings(false, new GridSize(32, 32), new GridSize(stride, stride), ""));
        var before = GC.GetTotalAllocatedBytes(precise: true);
        runner.Predict(volume, (_, _) => { }, default);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        // The volume turned to RAS, the result there and the result turned back; buffers of a slice and a batch. With a stride of 4
        // the patches themselves would be 30 times the volume.
        Assert.InRange(allocated, 0, 6L * sizeof(float) * Size * Size * Slices);
    }

    [Fact]
    public void Overlapping_patches_of_volumes_take_no_more_memory_than_their_sums()
    {
        const int Size = 64;
        var volume = DatasetOnDisk.Make(VolumeGeometry.Axial(Size, Size, Size, 1, 1, 1), (x, y, z) => ((x * y) + z) / 10000f);
        var model = CopyModel.Create(_folder.File("model"), ["_a"], dimensions: 3);
        var patch = new GridSize(16, 16, 16);
        using var runner = new ModelRunner(model, "cpu", new PatchSettings(true, patch, new GridSize(8, 8, 8), ""));
        runner.Predict(volume, (_, _) => { }, default);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        runner.Predict(volume, (_, _) => { }, default);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        // The volume turned to RAS, the result there and the result turned back; everything else comes from the pool, which the first
        // prediction has filled. The patches themselves would be 5 times the volume.
        Assert.InRange(allocated, 0, 4L * sizeof(float) * Size * Size * Size);
    }
}
