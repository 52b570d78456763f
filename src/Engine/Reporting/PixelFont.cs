namespace MedSeg.Engine.Reporting;

/// <summary>
/// Letters of 5×7 pixels. Text in pictures must look the same on machines that have no fonts at all, as servers and containers
/// often do.
/// </summary>
internal static class PixelFont
{
    /// <summary>Columns of a letter.</summary>
    public const int Width = 5;

    /// <summary>Rows of a letter.</summary>
    public const int Height = 7;

    /// <summary>35 bits, row by row from the top left, the first one highest.</summary>
    private static readonly Dictionary<char, long> s_letters = new()
    {
        ['A'] = 0x3A31FC631, ['B'] = 0x7A31F463E, ['C'] = 0x3A308422E, ['D'] = 0x7A318C63E,
        ['E'] = 0x7E10F421F, ['F'] = 0x7E10F4210, ['G'] = 0x3A30BC62E, ['H'] = 0x4631FC631,
        ['I'] = 0x38842108E, ['J'] = 0x1C4210A4C, ['K'] = 0x4654C5251, ['L'] = 0x42108421F,
        ['M'] = 0x4775AC631, ['N'] = 0x47359C631, ['O'] = 0x3A318C62E, ['P'] = 0x7A31F4210,
        ['Q'] = 0x3A318D64D, ['R'] = 0x7A31F5251, ['S'] = 0x3E107043E, ['T'] = 0x7C8421084,
        ['U'] = 0x46318C62E, ['V'] = 0x46318C544, ['W'] = 0x4631AD771, ['X'] = 0x462A22A31,
        ['Y'] = 0x462A21084, ['Z'] = 0x7C222221F, ['0'] = 0x3A33AE62E, ['1'] = 0x11842108E,
        ['2'] = 0x3A213221F, ['3'] = 0x3A213062E, ['4'] = 0x08CA97C42, ['5'] = 0x7E1E0862E,
        ['6'] = 0x3A10F462E, ['7'] = 0x7C2221084, ['8'] = 0x3A317462E, ['9'] = 0x3A317842E,
        [' '] = 0x000000000, ['-'] = 0x0000F8000, ['_'] = 0x00000001F, ['.'] = 0x00000018C,
        [':'] = 0x018C03180, ['/'] = 0x044222110, ['('] = 0x088842082, [')'] = 0x208210888,
        ['+'] = 0x0084F9080, ['?'] = 0x3A2131004,
    };

    /// <summary>Columns that a text takes, with one empty column between letters.</summary>
    public static int Measure(string text) => Math.Max(0, (text.Length * (Width + 1)) - 1);

    /// <summary>Whether a pixel of a letter is set. Small letters look like capitals, unknown ones like a question mark.</summary>
    public static bool IsSet(char letter, int row, int column)
    {
        if (!s_letters.TryGetValue(char.ToUpperInvariant(letter), out var bits))
            bits = s_letters['?'];
        return (bits >> ((Width * Height) - 1 - ((row * Width) + column)) & 1) == 1;
    }
}
