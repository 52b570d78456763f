using System.Buffers.Binary;
using Google.Protobuf;
using SkiaSharp;
using Xunit;

namespace MedSeg.Engine.Tests.Training.Watching;

/// <summary>A picture in a TensorBoard event file, or the mark of a restart.</summary>
internal sealed record EventPicture(bool Restart, long Step, string Tag, byte[] Png)
{
    /// <summary>Pictures and restarts of a file, in their order.</summary>
    public static IEnumerable<EventPicture> Read(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        for (int at = 0; at < file.Length;)
        {
            int length = (int)BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(at));
            if (Event(file[(at + 12)..(at + 12 + length)]) is { } found) yield return found;
            at += length + 16;
        }
    }

    private static EventPicture? Event(byte[] message)
    {
        long step = 0;
        EventPicture? found = null;
        Fields(message, (field, number, bytes) =>
        {
            if (field == 2) step = number;
            if (field == 7) found = new(true, 0, "", []);
            if (field == 5) Fields(bytes, (_, _, value) => found = Value(value));
        });
        return found is null ? null : found with { Step = step };
    }

    private static EventPicture? Value(byte[] value)
    {
        string tag = "";
        long height = 0, width = 0;
        byte[]? png = null;
        Fields(value, (field, _, bytes) =>
        {
            if (field == 1) tag = System.Text.Encoding.UTF8.GetString(bytes);
            if (field != 4) return;
            Fields(bytes, (part, number, content) =>
            {
                if (part == 1) height = number;
                if (part == 2) width = number;
                if (part == 3) Assert.Equal(3, number);
                if (part == 4) png = content;
            });
        });
        if (png is null) return null;
        using SKBitmap bitmap = SKBitmap.Decode(png);
        Assert.Equal((height, width), (bitmap.Height, bitmap.Width));
        return new(false, 0, tag, png);
    }

    private static void Fields(byte[] message, Action<int, long, byte[]> each)
    {
        var input = new CodedInputStream(message);
        while (input.ReadTag() is > 0 and var tag)
        {
            int field = WireFormat.GetTagFieldNumber(tag);
            switch (WireFormat.GetTagWireType(tag))
            {
                case WireFormat.WireType.Varint: each(field, input.ReadInt64(), []); break;
                case WireFormat.WireType.LengthDelimited: each(field, 0, input.ReadBytes().ToByteArray()); break;
                default: input.SkipLastField(); break;
            }
        }
    }
}
