using MedSeg.Engine.Imaging;
using MedSeg.Engine.Tests.Imaging;

namespace MedSeg.Engine.Tests.BadInput;

/// <summary>
/// The fields of a NIfTI header, one wrong at a time, in the versions and byte orders of which HostileNiftiTests has few: those of
/// version 1 in the machine's order are there.
/// </summary>
internal static class BadNiftiHeaders
{
    private static readonly (string Name, Func<NiftiBuilder> Make)[] Kinds =
    [
        ("NIfTI-1, most significant byte first", () => new NiftiBuilder { BigEndian = true }),
        ("NIfTI-2", () => new NiftiBuilder { Version = 2 }),
        ("NIfTI-2, most significant byte first", () => new NiftiBuilder { Version = 2, BigEndian = true }),
    ];

    private static readonly (string Fault, Action<NiftiBuilder> Change, string Id, string Says)[] Faults =
    [
        ("nine axes", b => b.Dim[0] = 9, "NiftiDimensions", "dim[0]"),
        ("first axis of 0", b => b.Dim[1] = 0, "NiftiDimensions", "dim[1]"),
        ("third axis of -1", b => b.Dim[3] = -1, "NiftiDimensions", "dim[3]"),
        ("fifth axis of 0", b => (b.Dim[0], b.Dim[5]) = (5, 0), "NiftiDimensions", "dim[5]"),
        ("seventh axis in use", b => (b.Dim[0], b.Dim[7]) = (7, 2), "NiftiDimensionsUnsupported", "dim[7]"),
        ("more voxels than bytes", b => (b.Data, b.Dim[2]) = (new byte[48], 3000), "NiftiTruncated", "dim"),
        ("unknown datatype", b => b.DataType = 77, "NiftiDataType", "datatype"),
        ("complex256", b => (b.DataType, b.BitPix) = (2048, 256), "NiftiDataTypeUnsupported", "datatype"),
        ("bitpix of 8 for int16", b => b.BitPix = 8, "NiftiBitpix", "bitpix"),
        ("voxels inside the header", b => b.VoxOffset = 8, "NiftiVoxOffset", "vox_offset"),
        ("voxels past the end", b => b.VoxOffset = 1 << 20, "NiftiTruncated", "dim"),
        ("magic of letters", b => b.Magic = b.Version == 1 ? "abc\0"u8.ToArray() : "abcdefgh"u8.ToArray(), "NiftiMagic", "magic"),
        ("second row of the sform not a number", b => b.SRow[5] = double.NaN, "NiftiAffine", "srow_y"),
        ("third row of the sform of zeros", b => b.SRow[10] = 0, "NiftiAffine", "srow_z"),
        ("quatern_b infinite", b => (b.Sform, b.Qform, b.Quatern[0]) = (0, 1, double.PositiveInfinity), "NiftiAffine", "quatern_b"),
        ("quatern_d not a number", b => (b.Sform, b.Qform, b.Quatern[2]) = (0, 1, double.NaN), "NiftiAffine", "quatern_d"),
        ("qoffset_x infinite", b => (b.Sform, b.Qform, b.QOffset[0]) = (0, 1, double.NegativeInfinity), "NiftiAffine", "qoffset_x"),
        ("qoffset_z not a number", b => (b.Sform, b.Qform, b.QOffset[2]) = (0, 1, double.NaN), "NiftiAffine", "qoffset_z"),
        ("voxel width not a number", b => (b.Sform, b.PixDim[1]) = (0, double.NaN), "NiftiAffine", "pixdim[1]"),
        ("slice distance infinite", b => (b.Sform, b.Qform, b.PixDim[3]) = (0, 1, double.PositiveInfinity), "NiftiAffine", "pixdim[3]"),
    ];

    public static IEnumerable<BadCase> Cases =>
    [
        .. from kind in Kinds
           from fault in Faults
           select Case($"{kind.Name}: {fault.Fault}", Changed(kind.Make, fault.Change), fault.Id, fault.Says),
        Case("NIfTI-2: voxels smaller than any number", Changed(() => new() { Version = 2 }, b => (b.Sform, b.Qform, b.PixDim) = (0, 1, [1, 5e-316, 5e-316, 1, 1, 1, 1, 1])), "NiftiAffine", "pixdim"),
        Case("NIfTI-2: voxels larger than any number", Changed(() => new() { Version = 2 }, b => (b.Sform, b.PixDim) = (0, [1, 1e300, 1e300, 1, 1, 1, 1, 1])), "NiftiAffine", "pixdim"),
        Case("NIfTI-2: an sform in metres beyond any number", Changed(() => new() { Version = 2 }, b => (b.Units, b.SRow[0]) = (1, 1e308)), "NiftiAffine", "srow_x"),
    ];

    private static Func<byte[]> Changed(Func<NiftiBuilder> make, Action<NiftiBuilder> change) => () =>
    {
        var builder = make();
        change(builder);
        return builder.File();
    };

    private static BadCase Case(string name, Func<byte[]> bytes, string id, string says) => new(
        name, "scan.nii", folder => folder.Bytes("scan.nii", bytes()), folder => BadFolder.Try(() => ImageFile.Read(folder.PathOf("scan.nii"))), id, says);
}
