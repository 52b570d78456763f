namespace MedSeg.Engine.Imaging;

/// <summary>How the numbers of a NIfTI file are stored.</summary>
internal enum VoxelKind
{
    UInt8,
    Int8,
    Int16,
    UInt16,
    Int32,
    UInt32,
    Int64,
    UInt64,
    Float32,
    Float64,
}

/// <summary>One datatype code of the standard.</summary>
/// <param name="Code">The header's datatype.</param>
/// <param name="Name">Name shown to users.</param>
/// <param name="Kind">Type of one number; null for types that are not read.</param>
/// <param name="Samples">Numbers per voxel: 3 for RGB24, 4 for RGBA32.</param>
/// <param name="Bits">Bits per voxel, what bitpix must be.</param>
internal sealed record NiftiType(int Code, string Name, VoxelKind? Kind, int Samples, int Bits)
{
    private static readonly NiftiType[] All =
    [
        new(1, "binary", null, 1, 1),
        new(2, "uint8", VoxelKind.UInt8, 1, 8),
        new(4, "int16", VoxelKind.Int16, 1, 16),
        new(8, "int32", VoxelKind.Int32, 1, 32),
        new(16, "float32", VoxelKind.Float32, 1, 32),
        new(32, "complex64", null, 1, 64),
        new(64, "float64", VoxelKind.Float64, 1, 64),
        new(128, "rgb24", VoxelKind.UInt8, 3, 24),
        new(256, "int8", VoxelKind.Int8, 1, 8),
        new(512, "uint16", VoxelKind.UInt16, 1, 16),
        new(768, "uint32", VoxelKind.UInt32, 1, 32),
        new(1024, "int64", VoxelKind.Int64, 1, 64),
        new(1280, "uint64", VoxelKind.UInt64, 1, 64),
        new(1536, "float128", null, 1, 128),
        new(1792, "complex128", null, 1, 128),
        new(2048, "complex256", null, 1, 256),
        new(2304, "rgba32", VoxelKind.UInt8, 4, 32),
    ];

    /// <summary>Bytes of one stored number.</summary>
    public int BytesPerSample => Bits / 8 / Samples;

    /// <summary>Colours carry no scl_slope and scl_inter.</summary>
    public bool IsColour => Samples > 1;

    public static NiftiType? Find(int code) => Array.Find(All, t => t.Code == code);
}
