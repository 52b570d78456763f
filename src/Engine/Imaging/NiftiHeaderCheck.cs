namespace MedSeg.Engine.Imaging;

/// <summary>
/// Judges a NIfTI header before anything is allocated by it. What contradicts itself or the file is an error; what can be
/// read in one way only is a finding.
/// </summary>
internal static class NiftiHeaderCheck
{
    private const string Fetch = "Fetch or export the file again.";

    /// <param name="header">The fields.</param>
    /// <param name="path">The file, for messages.</param>
    /// <param name="pair">Header and voxels lie in two files.</param>
    /// <param name="mostBytes">No more uncompressed bytes than this can be in the data file.</param>
    /// <param name="findings">Receives what is irregular but readable.</param>
    /// <exception cref="SegException">NiftiMagic, NiftiDataType, NiftiDataTypeUnsupported, NiftiBitpix, NiftiDimensions, NiftiDimensionsUnsupported,
    /// NiftiVoxOffset, NiftiTruncated, NiftiTooLarge or NiftiAffine.</exception>
    public static NiftiLayout Check(NiftiHeader header, string path, bool pair, long mostBytes, List<HeaderFinding> findings)
    {
        CheckMagic(header, path, pair);
        var type = CheckType(header, path, findings);
        var (x, y, z, frames, bytes) = CheckDimensions(header, path, type);
        var offset = CheckVoxOffset(header, path, pair, findings);
        if (bytes > (UInt128)mostBytes || offset > mostBytes - (long)bytes)
        {
            throw ImageErrors.Invalid("NiftiTruncated", path, "dim",
                $"{x}×{y}×{z}×{frames} voxels of {type.Bits} bits from byte {offset} need more bytes than the file can hold ({mostBytes}).", Fetch);
        }

        if (bytes / (UInt128)type.BytesPerSample > (UInt128)Array.MaxLength)
        {
            throw ImageErrors.Unsupported("NiftiTooLarge", path, "dim",
                $"{x}×{y}×{z}×{frames} voxels are more than the {Array.MaxLength} that can be held at once.", "Split or crop the image.");
        }

        var (slope, inter) = CheckScaling(header, type, findings);
        var geometry = new VolumeGeometry(x, y, z, NiftiAffine.Of(header, path, findings));
        return new(header, type, geometry, (int)frames, offset, slope, inter);
    }

    private static void CheckMagic(NiftiHeader header, string path, bool pair)
    {
        ReadOnlySpan<byte> single = header.Version == 1 ? "n+1\0"u8 : "n+2\0\r\n\x1a\n"u8;
        ReadOnlySpan<byte> two = header.Version == 1 ? "ni1\0"u8 : "ni2\0\r\n\x1a\n"u8;
        if (header.Magic.AsSpan().SequenceEqual(pair ? two : single))
            return;
        if (header.Magic.AsSpan().SequenceEqual(pair ? single : two))
        {
            throw ImageErrors.Invalid("NiftiMagic", path, "magic", pair
                ? "says that header and voxels are in one file, but the name is that of a pair."
                : "says that header and voxels are in two files (.hdr and .img), but the name is that of one file.",
                "Rename the files to match: .nii for one file, .hdr and .img for a pair.");
        }

        if (header.Version == 1 && header.Magic.All(b => b == 0))
        {
            throw ImageErrors.Invalid("NiftiMagic", path, "magic",
                "is empty: this looks like ANALYZE 7.5, which does not say how the image lies in space.", "Convert the file to NIfTI.");
        }

        throw ImageErrors.Invalid("NiftiMagic", path, "magic", $"is {Convert.ToHexString(header.Magic)}, not that of a NIfTI file.", Fetch);
    }

    private static NiftiType CheckType(NiftiHeader header, string path, List<HeaderFinding> findings)
    {
        var type = NiftiType.Find(header.DataType)
            ?? throw ImageErrors.Invalid("NiftiDataType", path, "datatype", $"{header.DataType} is not a code of the standard.", Fetch);
        if (type.Kind is null)
        {
            throw ImageErrors.Unsupported("NiftiDataTypeUnsupported", path, "datatype", $"{type.Name} images are not supported.",
                "Convert the image to float32 (for complex data, its magnitude).");
        }

        if (header.BitPix == 0)
        {
            findings.Add(new(FindingSeverity.Warning, "bitpix",
                $"0; datatype {type.Name} means {type.Bits}, which is used.", "Set bitpix in the header."));
        }
        else if (header.BitPix != type.Bits)
        {
            throw ImageErrors.Invalid("NiftiBitpix", path, "bitpix",
                $"{header.BitPix} contradicts datatype {type.Name}, which has {type.Bits} bits.", Fetch);
        }

        return type;
    }

    private static (int X, int Y, int Z, long Frames, UInt128 Bytes) CheckDimensions(NiftiHeader header, string path, NiftiType type)
    {
        var axes = header.Dim[0];
        if (axes is < 1 or > 7)
            throw ImageErrors.Invalid("NiftiDimensions", path, "dim[0]", $"{axes} axes; there must be 1 to 7.", Fetch);
        var size = new long[8];
        UInt128 bytes = (UInt128)(type.Bits / 8);
        for (var i = 1; i <= 7; i++)
        {
            size[i] = i <= axes ? header.Dim[i] : 1;
            if (size[i] < 1)
                throw ImageErrors.Invalid("NiftiDimensions", path, $"dim[{i}]", $"{size[i]} voxels; there must be at least 1.", Fetch);
            if (size[i] > int.MaxValue)
                throw ImageErrors.Unsupported("NiftiTooLarge", path, $"dim[{i}]", $"{size[i]} voxels along one axis.", "Split or crop the image.");
            if (i > 5 && size[i] > 1)
            {
                throw ImageErrors.Unsupported("NiftiDimensionsUnsupported", path, $"dim[{i}]",
                    $"{size[i]}; images of more than five axes are not supported.", "Split the image.");
            }

            // One factor more is at most 2^63 · 2^31, so 128 bits never overflow.
            bytes *= (UInt128)size[i];
            if (bytes > long.MaxValue)
                throw ImageErrors.Invalid("NiftiDimensions", path, $"dim[{i}]", "the product of the dimensions is larger than any file.", Fetch);
        }

        return ((int)size[1], (int)size[2], (int)size[3], size[4] * size[5], bytes);
    }

    private static long CheckVoxOffset(NiftiHeader header, string path, bool pair, List<HeaderFinding> findings)
    {
        var offset = header.VoxOffset;
        var least = pair ? 0 : header.Size + 4;
        if (!pair && offset == 0)
        {
            findings.Add(new(FindingSeverity.Warning, "vox_offset", $"0; read as {least}, the end of the header.", "Set vox_offset in the header."));
            return least;
        }

        if (!double.IsFinite(offset) || offset < least || offset != Math.Floor(offset) || offset > 1L << 53)
        {
            throw ImageErrors.Invalid("NiftiVoxOffset", path, "vox_offset",
                FormattableString.Invariant($"{offset} is not a byte position from {least} on."), Fetch);
        }

        return (long)offset;
    }

    /// <summary>scl_slope 0 or not finite means that the stored numbers are the values; colours are never scaled.</summary>
    private static (double Slope, double Inter) CheckScaling(NiftiHeader header, NiftiType type, List<HeaderFinding> findings)
    {
        if (type.IsColour || header.SclSlope == 0)
            return (1, 0);
        if (!double.IsFinite(header.SclSlope))
        {
            findings.Add(new(FindingSeverity.Information, "scl_slope", "Not a finite number; read as none.", "Set scl_slope to 0 or 1."));
            return (1, 0);
        }

        if (double.IsFinite(header.SclInter))
            return (header.SclSlope, header.SclInter);
        findings.Add(new(FindingSeverity.Warning, "scl_inter", "Not a finite number; read as 0.", "Set scl_inter to 0."));
        return (header.SclSlope, 0);
    }
}
