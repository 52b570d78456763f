namespace MedSeg.Engine.Imaging;

/// <summary>What the header of an image says, without its voxels.</summary>
/// <param name="Path">The file, as it was asked for.</param>
/// <param name="Geometry">Size of the grid and the affine to RAS+ millimetres.</param>
/// <param name="Channels">Channels, time points or colours; 1 for a plain image.</param>
/// <param name="DataType">Type of the stored values: int16, float32, rgb24, uint8, uint16…</param>
/// <param name="Orientation">Closest anatomical axis codes, for example <c>RAS</c> or <c>LPI</c>.</param>
/// <param name="Findings">Irregularities that do not prevent reading.</param>
public sealed record ImageInfo(
    string Path, VolumeGeometry Geometry, int Channels, string DataType, string Orientation, IReadOnlyList<HeaderFinding> Findings);

/// <summary>Something irregular in a header. Errors are thrown; findings are what could be read all the same.</summary>
/// <param name="Severity">How serious it is.</param>
/// <param name="Field">The header field, by its name in the format's standard.</param>
/// <param name="Message">What was found and how it was read.</param>
/// <param name="Recommendation">What to do.</param>
public sealed record HeaderFinding(FindingSeverity Severity, string Field, string Message, string Recommendation);
