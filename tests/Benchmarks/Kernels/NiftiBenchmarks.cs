using BenchmarkDotNet.Attributes;
using MedSeg.Engine.Imaging;

namespace MedSeg.Benchmarks.Kernels;

/// <summary>Reading, writing and turning a 128³ volume.</summary>
[MemoryDiagnoser]
public class NiftiBenchmarks
{
    private static readonly AxisMap Turned = new(2, 0, 1, true, false, true);
    private string _folder = "";
    private Volume _volume = null!;

    [GlobalSetup]
    public void Setup()
    {
        _folder = SampleVolume.TemporaryFolder();
        _volume = SampleVolume.Create(128);
        NiftiFile.Write(File("a.nii.gz"), _volume, NiftiDataType.Int16);
        NiftiFile.Write(File("a.nii"), _volume, NiftiDataType.Int16);
    }

    [GlobalCleanup]
    public void Cleanup() => Directory.Delete(_folder, recursive: true);

    [Benchmark]
    public Volume ReadCompressed() => ImageFile.Read(File("a.nii.gz"));

    [Benchmark]
    public Volume ReadPlain() => ImageFile.Read(File("a.nii"));

    [Benchmark]
    public ImageInfo ReadHeader() => ImageFile.ReadInfo(File("a.nii.gz"));

    [Benchmark]
    public void WriteMask() => NiftiFile.Write(File("b.nii.gz"), _volume, NiftiDataType.UInt8);

    [Benchmark]
    public Volume Turn() => Orientation.Apply(_volume, Turned);

    private string File(string name) => Path.Combine(_folder, name);
}
