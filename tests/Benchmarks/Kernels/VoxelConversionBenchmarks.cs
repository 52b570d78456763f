using BenchmarkDotNet.Attributes;
using MedSeg.Engine.Imaging;

namespace MedSeg.Benchmarks.Kernels;

/// <summary>Stored numbers to float32, 4 million at a time.</summary>
public class VoxelConversionBenchmarks
{
    private const int Count = 1 << 22;
    private readonly float[] _values = new float[Count];
    private byte[] _raw = [];
    private VoxelKind _kind;

    /// <summary>Name of a stored type (the enumeration itself is internal to the engine).</summary>
    [Params("UInt8", "Int16", "UInt16", "Int32", "Float64")]
    public string Kind { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _kind = Enum.Parse<VoxelKind>(Kind);
        _raw = new byte[Count * (_kind switch { VoxelKind.UInt8 => 1, VoxelKind.Int16 or VoxelKind.UInt16 => 2, VoxelKind.Int32 => 4, _ => 8 })];
        new Random(1).NextBytes(_raw);
    }

    [Benchmark(Baseline = true)]
    public void Plain() => VoxelConversion.ToFloat(_kind, _raw, swap: false, 1, 0, _values);

    [Benchmark]
    public void Scaled() => VoxelConversion.ToFloat(_kind, _raw, swap: false, 0.5, -10, _values);
}
