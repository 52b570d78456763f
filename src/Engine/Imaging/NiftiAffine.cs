namespace MedSeg.Engine.Imaging;

/// <summary>
/// The affine of a NIfTI header in RAS+ millimetres, by the standard's three methods: sform when sform_code &gt; 0, else
/// qform when qform_code &gt; 0, else the pixel sizes alone (method 1: no offset, no flip). nifti1.h, section
/// "3D image (volume) orientation and location in space".
/// </summary>
internal static class NiftiAffine
{
    private const string CodesAdvice = "Set the image's orientation with a tool that writes sform and qform.";

    /// <exception cref="SegException"><c>NiftiAffine</c> when the numbers in use are not finite or do not span three axes.</exception>
    public static double[] Of(NiftiHeader header, string path, List<HeaderFinding> findings)
    {
        var scale = MillimetresPerUnit(header, findings);
        CheckCodes(header, findings);
        var pixdim = PixelSizes(header, path, findings);
        if (header.SformCode > 0)
        {
            var sform = Sform(header, path, scale);
            if (sform.All(double.IsFinite) && !IsSingular(sform))
            {
                CompareWithPixDim(header, sform, scale, findings);
                return sform;
            }

            if (header.QformCode <= 0)
                throw Damaged(path, "srow_x, srow_y, srow_z", "the three axes of the sform do not span space");
            findings.Add(new(FindingSeverity.Warning, "srow_x", "The axes of the sform do not span space; the qform is used.", CodesAdvice));
        }

        if (header.QformCode > 0)
            return Usable(Qform(header, path, pixdim, scale, findings), path, "pixdim[1..3], quatern_b, quatern_c, quatern_d");
        findings.Add(new(FindingSeverity.Warning, "sform_code",
            "Neither sform nor qform is set: x, y, z are taken as right, anterior, superior and the origin is voxel 0.", CodesAdvice));
        return Usable([pixdim[0] * scale, 0, 0, 0, 0, pixdim[1] * scale, 0, 0, 0, 0, pixdim[2] * scale, 0, 0, 0, 0, 1], path, "pixdim[1..3]");
    }

    /// <summary>Voxel sizes can be so small or large that their product is no number any more.</summary>
    private static double[] Usable(double[] affine, string path, string fields) =>
        affine.All(double.IsFinite) && !IsSingular(affine) ? affine : throw Damaged(path, fields, "the three axes do not span space");

    /// <summary>xyzt_units, bits 0–2: metre, millimetre, micrometre; unknown means millimetres.</summary>
    private static double MillimetresPerUnit(NiftiHeader header, List<HeaderFinding> findings)
    {
        switch (header.XyztUnits & 7)
        {
            case 1: return 1000;
            case 2: return 1;
            case 3: return 0.001;
            case 0: return 1;
            default:
                findings.Add(new(FindingSeverity.Warning, "xyzt_units",
                    $"Unknown unit of length {header.XyztUnits & 7}; read as millimetres.", "Set xyzt_units to 2 (mm)."));
                return 1;
        }
    }

    private static void CheckCodes(NiftiHeader header, List<HeaderFinding> findings)
    {
        foreach (var (field, code) in new[] { ("sform_code", header.SformCode), ("qform_code", header.QformCode) })
        {
            if (code < 0)
                findings.Add(new(FindingSeverity.Warning, field, $"{code} is negative; read as 0 (not set).", CodesAdvice));
            else if (code > 5)
                findings.Add(new(FindingSeverity.Information, field, $"{code} is not a code of the standard; read as set.", CodesAdvice));
        }
    }

    /// <summary>pixdim[1..3], absolute; 1 where the header has none.</summary>
    private static double[] PixelSizes(NiftiHeader header, string path, List<HeaderFinding> findings)
    {
        var result = new double[3];
        for (var axis = 1; axis <= 3; axis++)
        {
            var size = header.PixDim[axis];
            var exists = axis <= header.Dim[0];
            if (exists && !double.IsFinite(size) && header.SformCode <= 0)
                throw Damaged(path, $"pixdim[{axis}]", "not a finite number");
            result[axis - 1] = double.IsFinite(size) && size != 0 ? Math.Abs(size) : 1;
            if (exists && !(size > 0))
            {
                findings.Add(new(
                    header.Dim[axis] > 1 ? FindingSeverity.Warning : FindingSeverity.Information, $"pixdim[{axis}]",
                    FormattableString.Invariant($"The voxel size is {size}; where it matters it is read as {result[axis - 1]}."),
                    "Set the voxel size in the header."));
            }
        }

        return result;
    }

    private static double[] Sform(NiftiHeader header, string path, double scale)
    {
        if (!header.SRow.All(double.IsFinite))
            throw Damaged(path, "srow_x, srow_y, srow_z", "the affine has numbers that are not finite");
        var affine = new double[16];
        for (var i = 0; i < 12; i++)
            affine[i] = header.SRow[i] * scale;
        affine[15] = 1;
        return affine;
    }

    /// <summary>Rotation from the quaternion (a ≥ 0 left out), columns times pixel sizes, third column times qfac.</summary>
    private static double[] Qform(NiftiHeader header, string path, double[] pixdim, double scale, List<HeaderFinding> findings)
    {
        if (!header.Quatern.All(double.IsFinite))
            throw Damaged(path, "quatern_b, quatern_c, quatern_d", "the rotation has numbers that are not finite");
        if (!header.QOffset.All(double.IsFinite))
            throw Damaged(path, "qoffset_x, qoffset_y, qoffset_z", "the origin has numbers that are not finite");
        var (b, c, d) = (header.Quatern[0], header.Quatern[1], header.Quatern[2]);
        var square = 1 - ((b * b) + (c * c) + (d * d));
        if (square < -1e-3)
        {
            findings.Add(new(FindingSeverity.Warning, "quatern_b",
                "The rotation is longer than a unit quaternion; it was made one.", CodesAdvice));
        }

        double a = 0;
        if (square < 1e-7)
        {
            // A half turn, up to rounding: the three parts alone are made a unit quaternion.
            var norm = Math.Sqrt((b * b) + (c * c) + (d * d));
            (b, c, d) = (b / norm, c / norm, d / norm);
        }
        else
        {
            a = Math.Sqrt(square);
        }

        double sx = pixdim[0] * scale, sy = pixdim[1] * scale, sz = pixdim[2] * scale * (header.PixDim[0] < 0 ? -1 : 1);
        return
        [
            ((a * a) + (b * b) - (c * c) - (d * d)) * sx, 2 * ((b * c) - (a * d)) * sy, 2 * ((b * d) + (a * c)) * sz, header.QOffset[0] * scale,
            2 * ((b * c) + (a * d)) * sx, ((a * a) + (c * c) - (b * b) - (d * d)) * sy, 2 * ((c * d) - (a * b)) * sz, header.QOffset[1] * scale,
            2 * ((b * d) - (a * c)) * sx, 2 * ((c * d) + (a * b)) * sy, ((a * a) + (d * d) - (c * c) - (b * b)) * sz, header.QOffset[2] * scale,
            0, 0, 0, 1,
        ];
    }

    private static void CompareWithPixDim(NiftiHeader header, double[] affine, double scale, List<HeaderFinding> findings)
    {
        var spacing = new VolumeGeometry(1, 1, 1, affine).Spacing;
        double[] columns = [spacing.X, spacing.Y, spacing.Z];
        for (var axis = 1; axis <= Math.Min(3, header.Dim[0]); axis++)
        {
            var size = Math.Abs(header.PixDim[axis]) * scale;
            if (header.Dim[axis] > 1 && size > 0 && Math.Abs(size - columns[axis - 1]) > 0.01 * columns[axis - 1])
            {
                findings.Add(new(FindingSeverity.Warning, $"pixdim[{axis}]",
                    FormattableString.Invariant($"The voxel size is {size:g6} mm but the sform says {columns[axis - 1]:g6} mm; the sform is used."),
                    "Check which of the two is right."));
            }
        }
    }

    /// <summary>The three columns lie in one plane, judged by the determinant of the unit columns.</summary>
    public static bool IsSingular(double[] affine)
    {
        var spacing = new VolumeGeometry(1, 1, 1, affine).Spacing;
        var volume = spacing.X * spacing.Y * spacing.Z;
        var determinant =
            (affine[0] * ((affine[5] * affine[10]) - (affine[6] * affine[9])))
            - (affine[1] * ((affine[4] * affine[10]) - (affine[6] * affine[8])))
            + (affine[2] * ((affine[4] * affine[9]) - (affine[5] * affine[8])));
        return !(volume > 0) || !(Math.Abs(determinant) > 1e-6 * volume);
    }

    private static SegException Damaged(string path, string field, string problem) => ImageErrors.Invalid(
        "NiftiAffine", path, field, $"{problem}, so that the position of the voxels is not known.",
        "Repair the header's affine from the original scan; a guess would mirror or misplace the result.");
}
