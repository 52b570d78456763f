using System.Buffers.Binary;
using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Tests.BadInput.Fuzzing;

/// <summary>Gives a damaged PNG file the checksums that its chunks ask for, so that the damage reaches the decoder.</summary>
internal static class PngEnvelope
{
    public static byte[] Mend(byte[] content)
    {
        for (var at = 8; at + 12 <= content.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(content.AsSpan(at));
            if (length > content.Length - at - 12)
                break;
            BinaryPrimitives.WriteUInt32BigEndian(content.AsSpan(at + 8 + (int)length), Crc32.Of(content.AsSpan(at + 4, (int)length + 4)));
            at += 12 + (int)length;
        }

        return content;
    }
}
