using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Bids.Checks;

/// <summary>NIfTI headers whose two affines, sform and qform, are both set and say different things.</summary>
internal sealed class FormsCheck : IBidsCheck
{
    public static readonly FindingKind FormsMirrored = new(
        "FormsMirrored", FindingSeverity.Warning,
        "Find out on the original scan which side is left, then write both forms alike; until then results may be mirrored.");

    public static readonly FindingKind FormsDiffer = new(
        "FormsDiffer", FindingSeverity.Information,
        "Write both forms alike where tools that prefer the qform are used; here the sform counts.");

    public IReadOnlyList<FindingKind> Kinds { get; } = [FormsMirrored, FormsDiffer];

    public IEnumerable<BidsFinding> OfFile(OpenedFile file)
    {
        if (file.Nifti is not { Header: { SformCode: > 0, QformCode: > 0 } header } layout)
            yield break;
        if (Qform(header, file.File.Path) is not { } qform)
            yield break;
        var grid = layout.Geometry;
        var other = grid with { Affine = qform };
        if (Handedness.IsRadiological(grid) != Handedness.IsRadiological(other))
        {
            yield return file.File.Report(
                FormsMirrored,
                $"is mirrored in one of its two affines: by the sform its axes run {Orientation.Codes(grid.Affine)}, "
                + $"by the qform {Orientation.Codes(qform)}; the sform is used");
        }
        else if (GridAgreement.Difference(grid, other) is { } difference)
        {
            yield return file.File.Report(FormsDiffer, $"lies {difference} elsewhere by its qform than by its sform");
        }
    }

    private static double[]? Qform(NiftiHeader header, string path)
    {
        try
        {
            return NiftiAffine.Of(header with { SformCode = 0 }, path, []);
        }
        catch (SegException)
        {
            return null; // It is not used, so that its damage is no finding.
        }
    }
}
