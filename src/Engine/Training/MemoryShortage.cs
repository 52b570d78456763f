using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace MedSeg.Engine.Training;

/// <summary>What torch says when a device's memory does not suffice; what it does not say is null.</summary>
/// <param name="Asked">How much was asked for, as "2.00 GiB".</param>
/// <param name="Free">How much was free.</param>
/// <param name="Total">How much the device has.</param>
internal sealed partial record MemoryShortage(string? Asked, string? Free, string? Total)
{
    /// <summary>The shortage that an error of native code is about; null for other errors.</summary>
    public static MemoryShortage? Of(ExternalException error)
    {
        string text = error.Message;
        if (!OutOfMemory().IsMatch(text)) return null;
        return new(Size(Asks().Match(text)), Size(Frees().Match(text)), Size(Totals().Match(text)));
    }

    /// <summary>" (2.00 GiB were asked for, 1.10 GiB of 7.79 GiB were free)"; empty where torch gave no number.</summary>
    public override string ToString()
    {
        string[] parts =
        [
            .. Asked is null ? Array.Empty<string>() : [$"{Asked} were asked for"],
            .. Free is null ? Array.Empty<string>() : [Total is null ? $"{Free} were free" : $"{Free} of {Total} were free"],
        ];
        return parts.Length == 0 ? "" : $" ({string.Join(", ", parts)})";
    }

    /// <summary>Torch gives bytes without a unit where the processor's memory ends.</summary>
    private static string? Size(Match match)
    {
        if (!match.Success) return null;
        string number = match.Groups[1].Value, unit = match.Groups[2].Value;
        if (unit != "bytes") return $"{number} {unit}";
        if (!double.TryParse(number, CultureInfo.InvariantCulture, out double bytes)) return null;
        return bytes >= 1 << 30
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (1 << 30):F2} GiB")
            : string.Create(CultureInfo.InvariantCulture, $"{bytes / (1 << 20):F2} MiB");
    }

    [GeneratedRegex("out of memory|can't allocate memory|not enough memory", RegexOptions.IgnoreCase)]
    private static partial Regex OutOfMemory();

    [GeneratedRegex(@"tried to allocate ([\d.]{1,30}) (bytes|[KMGT]iB)", RegexOptions.IgnoreCase)]
    private static partial Regex Asks();

    [GeneratedRegex(@"([\d.]{1,30}) (bytes|[KMGT]iB) (?:is )?free", RegexOptions.IgnoreCase)]
    private static partial Regex Frees();

    /// <summary>"7.79 GiB total capacity" of older versions, "total capacity of 7.79 GiB" of newer ones.</summary>
    [GeneratedRegex(@"(?:total capacity of )?(?<![\d.])([\d.]{1,30}) (bytes|[KMGT]iB)(?:(?<=total capacity of [\d.]{1,30} [KMGT]iB)| total capacity)", RegexOptions.IgnoreCase)]
    private static partial Regex Totals();
}
