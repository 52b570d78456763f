using System.Buffers.Binary;
using System.Numerics;
using Google.Protobuf;

namespace MedSeg.Engine.Reporting;

/// <summary>
/// Encodes TensorBoard events. A record is the length (8 bytes, little endian), the masked CRC-32C of the length, the protobuf
/// <c>tensorflow.Event</c> and its masked CRC-32C.
/// </summary>
internal static class TensorBoardRecord
{
    private const int WallTimeField = 1, StepField = 2, FileVersionField = 3, SummaryField = 5, SessionLogField = 7;

    /// <summary>The event every file starts with.</summary>
    public static byte[] FileVersion(double wallTime) =>
        Event(wallTime, 0, output =>
        {
            output.WriteTag(FileVersionField, WireFormat.WireType.LengthDelimited);
            output.WriteString("brain.Event:2");
        });

    /// <summary>Marks a restart: readers drop what earlier files of the folder hold from this step on.</summary>
    public static byte[] SessionStart(double wallTime, long step) =>
        Event(wallTime, step, output => WriteMessage(output, SessionLogField, log =>
        {
            log.WriteTag(1, WireFormat.WireType.Varint);
            log.WriteEnum(1);
        }));

    /// <summary>One number under a tag at a step.</summary>
    public static byte[] Scalar(double wallTime, long step, string tag, float value) =>
        Event(wallTime, step, output => WriteMessage(output, SummaryField, summary => WriteMessage(summary, 1, item =>
        {
            item.WriteTag(1, WireFormat.WireType.LengthDelimited);
            item.WriteString(tag);
            item.WriteTag(2, WireFormat.WireType.Fixed32);
            item.WriteFloat(value);
        })));

    /// <summary>One picture under a tag at a step.</summary>
    /// <param name="png">8-bit RGB, encoded.</param>
    public static byte[] Image(double wallTime, long step, string tag, int height, int width, byte[] png) =>
        Event(wallTime, step, output => WriteMessage(output, SummaryField, summary => WriteMessage(summary, 1, item =>
        {
            item.WriteTag(1, WireFormat.WireType.LengthDelimited);
            item.WriteString(tag);
            WriteMessage(item, 4, image =>
            {
                WriteNumber(image, 1, height);
                WriteNumber(image, 2, width);
                WriteNumber(image, 3, 3); // Channels.
                image.WriteTag(4, WireFormat.WireType.LengthDelimited);
                image.WriteBytes(ByteString.CopyFrom(png));
            });
        })));

    /// <summary>CRC-32C rotated and offset, as the record format asks, so that checksums of data holding checksums stay useful.</summary>
    public static uint MaskedCrc(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data) crc = BitOperations.Crc32C(crc, value);
        return BitOperations.RotateRight(~crc, 15) + 0xa282ead8u;
    }

    private static byte[] Event(double wallTime, long step, Action<CodedOutputStream> writeContent) =>
        Frame(Message(output =>
        {
            output.WriteTag(WallTimeField, WireFormat.WireType.Fixed64);
            output.WriteDouble(wallTime);
            output.WriteTag(StepField, WireFormat.WireType.Varint);
            output.WriteInt64(step);
            writeContent(output);
        }));

    private static byte[] Frame(byte[] message)
    {
        byte[] record = new byte[message.Length + 16];
        BinaryPrimitives.WriteInt64LittleEndian(record, message.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), MaskedCrc(record.AsSpan(0, 8)));
        message.CopyTo(record, 12);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12 + message.Length), MaskedCrc(message));
        return record;
    }

    private static void WriteNumber(CodedOutputStream output, int field, int value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt32(value);
    }

    private static void WriteMessage(CodedOutputStream output, int field, Action<CodedOutputStream> write)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(Message(write)));
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var buffer = new MemoryStream();
        using (var output = new CodedOutputStream(buffer, leaveOpen: true)) write(output);
        return buffer.ToArray();
    }
}
