using System.Collections;
using System.Globalization;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Imaging;

/// <summary>Physical size of the pixels of a 2D image, in mm, from its BIDS sidecar (Microscopy-BIDS).</summary>
/// <param name="X">Along the columns (the width).</param>
/// <param name="Y">Along the rows (the height).</param>
/// <param name="Z">Thickness; X where the metadata have none or 0.</param>
internal readonly record struct PixelSize(double X, double Y, double Z)
{
    private const string Advice = "Add \"PixelSize\": [X, Y] and \"PixelSizeUnits\": \"mm\", \"um\" or \"nm\" to the image's JSON sidecar.";

    /// <param name="path">The image, for messages and to find its own sidecar.</param>
    /// <param name="metadata">The merged sidecars; null looks for the JSON file of the same name beside the image.</param>
    /// <exception cref="SegException"><c>PixelSizeMissing</c> or <c>PixelSizeInvalid</c>.</exception>
    public static PixelSize Of(string path, IReadOnlyDictionary<string, object?>? metadata)
    {
        metadata ??= Sidecar(path);
        if (metadata is null || !metadata.TryGetValue("PixelSize", out var size) || size is null)
            throw Missing(path, "PixelSize");
        if (!metadata.TryGetValue("PixelSizeUnits", out var units) || units is null)
            throw Missing(path, "PixelSizeUnits");
        var scale = (units as string) switch
        {
            "mm" => 1.0,
            "um" or "µm" or "μm" => 1e-3,
            "nm" => 1e-6,
            _ => throw Invalid(path, "PixelSizeUnits", $"'{units}' is not mm, um or nm."),
        };
        var numbers = Numbers(path, size);
        double x = numbers[0] * scale, y = numbers[1] * scale;
        return new(x, y, numbers.Count > 2 && numbers[2] != 0 ? numbers[2] * scale : x);
    }

    private static List<double> Numbers(string path, object size)
    {
        if (size is string or not IEnumerable)
        {
            throw Invalid(path, "PixelSize",
                $"'{Convert.ToString(size, CultureInfo.InvariantCulture)}' is one number, the form before BIDS 1.7, "
                + "which does not say whether it holds for both axes.");
        }

        var numbers = new List<double>();
        foreach (var item in (IEnumerable)size)
        {
            if (item is not (double or float or int or long or decimal))
                throw Invalid(path, "PixelSize", "must hold numbers only.");
            numbers.Add(Convert.ToDouble(item, CultureInfo.InvariantCulture));
        }

        if (numbers.Count is not (2 or 3))
            throw Invalid(path, "PixelSize", $"has {numbers.Count} numbers; there must be [X, Y] or [X, Y, Z].");
        if (!numbers.All(double.IsFinite) || numbers[0] <= 0 || numbers[1] <= 0 || (numbers.Count == 3 && numbers[2] < 0))
            throw Invalid(path, "PixelSize", "sizes must be positive.");
        return numbers;
    }

    private static IReadOnlyDictionary<string, object?>? Sidecar(string path)
    {
        var json = path[..^ImageFile.ExtensionOf(path).Length] + ".json";
        if (!File.Exists(json))
            return null;
        return SafeJson.ReadObject(json, out var problem) ?? throw Invalid(path, "PixelSize", $"the sidecar '{json}' {problem}");
    }

    private static SegException Missing(string path, string key) =>
        ImageErrors.Invalid("PixelSizeMissing", path, key, "is not in the image's metadata, so that lengths are not known.", Advice);

    private static SegException Invalid(string path, string key, string problem) =>
        ImageErrors.Invalid("PixelSizeInvalid", path, key, problem, Advice);
}
