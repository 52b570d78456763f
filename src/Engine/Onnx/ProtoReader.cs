using System.Buffers.Binary;

namespace MedSeg.Engine.Onnx;

/// <summary>Walks over the fields of one protobuf message that came from anywhere; nothing is copied or allocated.</summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    private const int LongestVarint = 10;

    private ReadOnlySpan<byte> _rest = message;

    /// <summary>Number of the current field.</summary>
    public int Field { get; private set; }

    /// <summary>Its value, where it is a number.</summary>
    public ulong Number { get; private set; }

    /// <summary>Its content, where it is a text, a message or a packed list; empty for numbers.</summary>
    public ReadOnlySpan<byte> Content { get; private set; }

    /// <summary>Something is left to be read.</summary>
    public readonly bool HasMore => !_rest.IsEmpty;

    /// <summary>Goes to the next field; false at the end.</summary>
    /// <exception cref="FormatException">The message ends within a field, or has a kind of field that ONNX does not use.</exception>
    public bool Next()
    {
        if (_rest.IsEmpty) return false;
        ulong tag = Varint();
        (Field, Number) = ((int)Math.Min(tag >> 3, int.MaxValue), 0);
        Content = default;
        switch (tag & 7)
        {
            case 0:
                Number = Varint();
                break;
            case 1:
                Number = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
                break;
            case 2:
                Content = Take(Varint());
                break;
            case 5:
                Number = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
                break;
            default:
                throw new FormatException("it has a field of an unknown kind");
        }

        return true;
    }

    /// <summary>One number of a packed list.</summary>
    public ulong Varint()
    {
        ulong value = 0;
        for (int i = 0; i < LongestVarint; i++)
        {
            byte next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80) return value;
        }

        throw new FormatException("it has a number without end");
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)_rest.Length) throw new FormatException("it ends within a field");
        ReadOnlySpan<byte> taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }
}
