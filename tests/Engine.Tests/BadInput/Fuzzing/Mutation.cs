using System.Buffers.Binary;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Tests.BadInput.Fuzzing;

/// <summary>Damages files as transfers, disks and hostile people do.</summary>
internal static class Mutation
{
    private static readonly long[] Numbers =
    [
        0, 1, -1, 2, 3, 7, 8, 127, 128, 255, 256, 348, 352, 540, 32767, 32768, 65535, 65536, 1 << 24, int.MaxValue, int.MinValue, uint.MaxValue,
        1L << 32, 1L << 53, long.MaxValue, long.MinValue,
    ];

    private static readonly double[] Reals = [0, -0.0, 1, -1, 0.5, 352, 1e-40, 1e20, 1e300, double.NaN, double.PositiveInfinity, double.NegativeInfinity];

    private static readonly string[] Words =
    [
        "{", "}", "[", "]", ":", ",", "\"", "'", "\\", "#", "&a", "*a", "!!", "|", "-", "\t", "\n", "\r", " ", "\0", "\uFEFF", "null", "true", "1e999",
        "-1", "NaN", "99999999999999999999", "sub-", "../", "C:\\", "\uD83D", "é", "n/a", "<html>", "0x1f", "=1+1",
    ];

    /// <summary>One to six changes of a file.</summary>
    /// <param name="others">Whole files from which pieces may be taken.</param>
    /// <param name="text">Changes by characters and words, with a byte now and then.</param>
    public static byte[] Of(byte[] content, IReadOnlyList<byte[]> others, bool text, RandomStream random)
    {
        var changed = content.ToList();
        for (var n = 1 + random.Next(random.Next(4) == 0 ? 6 : 2); n > 0 && changed.Count > 0; n--)
            Change(changed, others[random.Next(others.Count)], text, random);
        return [.. changed];
    }

    private static void Change(List<byte> bytes, byte[] other, bool text, RandomStream random)
    {
        var at = Position(bytes.Count, random);
        var length = Math.Min(1 + random.Next(random.Next(4) == 0 ? 512 : 12), bytes.Count - at);
        switch (random.Next(text ? 8 : 10))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(Position(bytes.Count - length + 1, random), length));
                break;
            case 4:
                var from = random.Next(other.Length);
                bytes.InsertRange(at, other.AsSpan(from, Math.Min(length, other.Length - from)).ToArray());
                break;
            case 5 when random.Next(3) == 0:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 5:
                for (var i = at; i < at + length; i++)
                    bytes[i] = 0;
                break;
            default:
                if (text)
                    bytes.InsertRange(at, System.Text.Encoding.UTF8.GetBytes(Words[random.Next(Words.Length)]));
                else
                    Overwrite(bytes, at, Number(random));
                break;
        }
    }

    /// <summary>Half of the changes go into the first 400 bytes, where headers are.</summary>
    private static int Position(int count, RandomStream random) => random.Next(random.Next(2) == 0 ? Math.Min(count, 400) : count);

    private static byte[] Number(RandomStream random)
    {
        var bytes = new byte[8];
        var real = random.Next(3) == 0;
        var width = real ? random.Next(2) == 0 ? 4 : 8 : 1 << random.Next(4);
        if (real && width == 4)
            BinaryPrimitives.WriteSingleLittleEndian(bytes, (float)Reals[random.Next(Reals.Length)]);
        else if (real)
            BinaryPrimitives.WriteDoubleLittleEndian(bytes, Reals[random.Next(Reals.Length)]);
        else
            BinaryPrimitives.WriteInt64LittleEndian(bytes, Numbers[random.Next(Numbers.Length)]);
        bytes = bytes[..width];
        if (random.Next(2) == 0)
            Array.Reverse(bytes);
        return bytes;
    }

    /// <summary>At a multiple of the number's width, as fields of headers are.</summary>
    private static void Overwrite(List<byte> bytes, int at, byte[] number)
    {
        at -= at % number.Length;
        for (var i = 0; i < number.Length && at + i < bytes.Count; i++)
            bytes[at + i] = number[i];
    }
}
