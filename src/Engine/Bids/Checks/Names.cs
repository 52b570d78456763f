using System.Globalization;
using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Bids.Checks;

/// <summary>Lists and counts in messages.</summary>
internal static class Names
{
    private const int Shown = 5;

    /// <summary>The first few, and how many more there are.</summary>
    public static string Listed(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Take(Shown))
        + (names.Count > Shown ? string.Create(CultureInfo.InvariantCulture, $" and {names.Count - Shown} more") : "");

    /// <summary>"1 image", "2 images".</summary>
    public static string Counted(int count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    /// <summary>A number with few digits.</summary>
    public static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    /// <summary>"1 × 1 × 3 mm"; small voxels in µm.</summary>
    public static string Spacing(VolumeGeometry grid)
    {
        var (x, y, z) = grid.Spacing;
        var (scale, unit) = Math.Max(x, Math.Max(y, z)) < 0.1 ? (1000, "µm") : (1, "mm");
        return string.Create(CultureInfo.InvariantCulture, $"{x * scale:0.####} × {y * scale:0.####} × {z * scale:0.####} {unit}");
    }
}
