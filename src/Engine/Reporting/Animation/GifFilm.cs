using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace MedSeg.Engine.Reporting.Animation;

/// <summary>One picture of a film.</summary>
/// <param name="Number">Kept in a comment before the picture, so that a film can be cut and continued.</param>
/// <param name="Bytes">Comment, timing, colours and picture as in the file.</param>
internal sealed record GifFrame(int Number, byte[] Bytes);

/// <summary>An animated GIF (GIF89a) that repeats endlessly and shows each picture for a second, each with colours of its own.</summary>
/// <param name="Width">Of every picture, 1 to 65535.</param>
/// <param name="Height">Of every picture, 1 to 65535.</param>
internal sealed record GifFilm(int Width, int Height, IReadOnlyList<GifFrame> Frames)
{
    private const byte Extension = 0x21, Comment = 0xFE, Control = 0xF9, Picture = 0x2C, Trailer = 0x3B;

    /// <summary>Flags of a picture with its own table of 256 colours.</summary>
    private const byte OwnColors = 0x87;

    private const int HundredthsPerFrame = 100, HeadLength = 13, ColorBytes = 3 * GifPalette.Size;

    /// <summary>Endless repetition, as all readers know it.</summary>
    private static readonly byte[] s_loop = [Extension, 0xFF, 11, .. "NETSCAPE2.0"u8, 3, 1, 0, 0, 0];

    /// <summary>This film with a picture at its end, in place of any of that number or later.</summary>
    public GifFilm With(int number, Canvas picture) => this with
    {
        Frames = [.. Frames.Where(f => f.Number < number), new GifFrame(number, Encode(number, picture))],
    };

    /// <summary>The file.</summary>
    public byte[] ToBytes() => [.. Head(), .. s_loop, .. Frames.SelectMany(f => f.Bytes), Trailer];

    /// <summary>Reads a file that this class has written; null when it is anything else, or damaged.</summary>
    public static GifFilm? Parse(byte[] file)
    {
        if (file.Length <= HeadLength + s_loop.Length) return null;
        var film = new GifFilm(BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(6)), BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8)), []);
        if (!file.AsSpan().StartsWith([.. film.Head(), .. s_loop])) return null;
        var frames = new List<GifFrame>();
        var at = HeadLength + s_loop.Length;
        while (at < file.Length && file[at] != Trailer)
        {
            if (ReadFrame(file, at) is not { } frame) return null;
            frames.Add(frame);
            at += frame.Bytes.Length;
        }

        return at == file.Length - 1 ? film with { Frames = frames } : null;
    }

    private byte[] Head()
    {
        byte[] head = [.. "GIF89a"u8, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(6), (ushort)Width);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(8), (ushort)Height);
        return head;
    }

    private byte[] Encode(int number, Canvas picture)
    {
        if ((picture.Width, picture.Height) != (Width, Height))
            throw new ArgumentException($"{picture.Width}×{picture.Height} is not the film's {Width}×{Height}.", nameof(picture));
        var (colors, pixels) = GifPalette.Of(picture);
        byte[] text = Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)), table = new byte[ColorBytes];
        for (var i = 0; i < colors.Length; i++) (table[3 * i], table[(3 * i) + 1], table[(3 * i) + 2]) = (colors[i].R, colors[i].G, colors[i].B);
        byte[] place = new byte[9];
        BinaryPrimitives.WriteUInt16LittleEndian(place.AsSpan(4), (ushort)Width);
        BinaryPrimitives.WriteUInt16LittleEndian(place.AsSpan(6), (ushort)Height);
        place[8] = OwnColors;
        return
        [
            Extension, Comment, (byte)text.Length, .. text, 0,
            Extension, Control, 4, 0, HundredthsPerFrame, 0, 0, 0,
            Picture, .. place, .. table, .. GifLzw.Encode(pixels),
        ];
    }

    private static GifFrame? ReadFrame(byte[] file, int start)
    {
        var at = start;
        if (!Expect([Extension, Comment]) || at >= file.Length) return null;
        int length = file[at++];
        if (at + length >= file.Length || !int.TryParse(file.AsSpan(at, length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
        at += length;
        if (!Expect([0, Extension, Control, 4, 0, HundredthsPerFrame, 0, 0, 0, Picture])) return null;
        at += 9 + ColorBytes + 1;
        while (at < file.Length && file[at] != 0) at += file[at] + 1;
        return at < file.Length ? new GifFrame(number, file[start..(at + 1)]) : null;

        bool Expect(ReadOnlySpan<byte> bytes)
        {
            if (!file.AsSpan(Math.Min(at, file.Length)).StartsWith(bytes)) return false;
            at += bytes.Length;
            return true;
        }
    }
}
