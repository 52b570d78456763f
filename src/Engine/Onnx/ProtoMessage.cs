using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;

namespace MedSeg.Engine.Onnx;

/// <summary>One protobuf message under construction: fields are written in the order of the calls.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Both streams hold managed memory only.")]
internal sealed class ProtoMessage
{
    private readonly MemoryStream _buffer = new();
    private readonly CodedOutputStream _output;

    public ProtoMessage() => _output = new CodedOutputStream(_buffer, leaveOpen: true);

    public ProtoMessage Integer(int field, long value)
    {
        _output.WriteTag(field, WireFormat.WireType.Varint);
        _output.WriteInt64(value);
        return this;
    }

    public ProtoMessage Float(int field, float value)
    {
        _output.WriteTag(field, WireFormat.WireType.Fixed32);
        _output.WriteFloat(value);
        return this;
    }

    public ProtoMessage Text(int field, string value)
    {
        _output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        _output.WriteString(value);
        return this;
    }

    /// <summary>The memory is read now and not kept.</summary>
    public ProtoMessage Bytes(int field, ReadOnlyMemory<byte> value)
    {
        _output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        _output.WriteBytes(UnsafeByteOperations.UnsafeWrap(value));
        return this;
    }

    public ProtoMessage Message(int field, ProtoMessage value) => Bytes(field, value.Content());

    public byte[] ToArray() => Content().ToArray();

    private ReadOnlyMemory<byte> Content()
    {
        _output.Flush();
        return _buffer.GetBuffer().AsMemory(0, checked((int)_buffer.Length));
    }
}
