using MedSeg.Engine.Imaging;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Imaging;

/// <summary>A dataset of 100,000 files has as many headers: reading one must not take buffers that are made for whole files.</summary>
public sealed class HeaderAllocationTests : IDisposable
{
    private const int Rounds = 20;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("image.nii")]
    [InlineData("image.nii.gz")]
    public void A_nifti_header_allocates_little(string name)
    {
        var path = _folder.File(name);
        var geometry = new VolumeGeometry(64, 64, 32, [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
        NiftiFile.Write(path, new Volume(new float[64 * 64 * 32], geometry), NiftiDataType.Float32);
        Assert.InRange(Allocated(() => ImageFile.ReadInfo(path)), 1, 24 * 1024);
    }

    private static long Allocated(Action read)
    {
        read();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Rounds; i++)
            read();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds;
    }
}
