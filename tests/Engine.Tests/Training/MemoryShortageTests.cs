using System.Runtime.InteropServices;
using MedSeg.Engine.Training;
using TorchSharp;
using Xunit;

namespace MedSeg.Engine.Tests.Training;

[Collection(TorchGlobalState.Name)]
public sealed class MemoryShortageTests(PhantomRun phantom) : IClassFixture<PhantomRun>
{
    private const string Older =
        "CUDA out of memory. Tried to allocate 2.00 GiB (GPU 0; 7.79 GiB total capacity; 5.20 GiB already allocated; 1.10 GiB free; 5.40 GiB reserved in total by PyTorch)";

    private const string Newer =
        "CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 has a total capacity of 139.81 GiB of which 10.50 MiB is free. Process 1 has 139.00 GiB memory in use.\nException raised from malloc";

    [Theory]
    [InlineData(Older, " (2.00 GiB were asked for, 1.10 GiB of 7.79 GiB were free)")]
    [InlineData(Newer, " (20.00 MiB were asked for, 10.50 MiB of 139.81 GiB were free)")]
    [InlineData("DefaultCPUAllocator: not enough memory: you tried to allocate 4398046511104 bytes.", " (4096.00 GiB were asked for)")]
    [InlineData("DefaultCPUAllocator: can't allocate memory: you tried to allocate 1572864 bytes. Error code 12", " (1.50 MiB were asked for)")]
    [InlineData("CUDA error: out of memory", "")]
    [InlineData("The size of tensor a (3) must match the size of tensor b (4)", null)]
    public void The_numbers_of_torch_are_found(string message, string? expected) =>
        Assert.Equal(expected, MemoryShortage.Of(new NativeError(message))?.ToString());

    [Fact]
    public void A_device_without_room_says_how_much_and_what_to_reduce()
    {
        SegException error = Assert.Throws<SegException>(() => phantom.Train(phantom.NewFolder(), batchDone: _ => throw new NativeError(Newer)));
        Assert.Equal(("DeviceOutOfMemory", SegErrorKind.Device), (error.ErrorId, error.Kind));
        Assert.Contains("20.00 MiB were asked for, 10.50 MiB of 139.81 GiB were free", error.Message, StringComparison.Ordinal);
        Assert.Contains("batch_size = 3, inputs of 1 channels and 20 × 20 voxels, default_model.depth = 2 and n_filters = 4", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception raised", error.Message, StringComparison.Ordinal);
        Assert.StartsWith("Lower batch_size", error.Recommendation, StringComparison.Ordinal);
    }

    /// <summary>What torch itself throws where memory ends, and where not.</summary>
    [Fact]
    public void A_real_shortage_is_one_and_the_checkpoint_stays()
    {
        string folder = phantom.NewFolder();
        SegException error = Assert.Throws<SegException>(() => phantom.Train(folder, batchDone: position =>
        {
            if (position.Epoch == 2) torch.empty([1L << 50]).Dispose();
        }));
        Assert.Equal("DeviceOutOfMemory", error.ErrorId);
        Assert.Contains("4194304.00 GiB were asked for", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, phantom.Train(folder, resume: true).History.Count);
    }

    /// <summary>Of the type that torch's errors have.</summary>
    private sealed class NativeError(string message) : ExternalException(message);
}
