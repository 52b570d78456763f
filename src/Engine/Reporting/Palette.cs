namespace MedSeg.Engine.Reporting;

/// <summary>A colour.</summary>
internal readonly record struct Rgb(byte R, byte G, byte B)
{
    public static Rgb White => new(255, 255, 255);

    public static Rgb Gray(byte level) => new(level, level, level);

    /// <summary>This colour under <paramref name="other"/> with the given opacity.</summary>
    public Rgb Under(Rgb other, double opacity) => new(Mix(R, other.R, opacity), Mix(G, other.G, opacity), Mix(B, other.B, opacity));

    private static byte Mix(byte below, byte above, double opacity) => (byte)Math.Round((below * (1 - opacity)) + (above * opacity));
}

/// <summary>
/// Colours that people with a colour-vision deficiency can tell apart: Okabe and Ito, Color universal design (2008), without
/// black and in an order in which neighbours differ in lightness too.
/// </summary>
internal static class Palette
{
    private static readonly Rgb[] s_colors =
    [
        new(230, 159, 0), new(86, 180, 233), new(0, 158, 115), new(240, 228, 66), new(204, 121, 167), new(0, 114, 178), new(213, 94, 0),
    ];

    /// <summary>Colour of a class; after the seventh they repeat.</summary>
    public static Rgb Of(int index) => s_colors[index % s_colors.Length];
}
