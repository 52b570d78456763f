namespace MedSeg.Engine.Reporting.Animation;

/// <summary>The compression of GIF: LZW with codes of 9 to 12 bits, lowest bit first (GIF89a, appendix F).</summary>
internal static class GifLzw
{
    private const int MinimumBits = 8, Clear = 1 << MinimumBits, End = Clear + 1, LargestBits = 12;

    /// <summary>The smallest code size, then the codes in blocks of up to 255 bytes, then an empty block.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> pixels)
    {
        var bits = new BitWriter();
        var codes = new Dictionary<int, int>();
        int size = MinimumBits + 1, next = End + 1, prefix = -1;
        bits.Write(Clear, size);
        foreach (var pixel in pixels)
        {
            if (prefix < 0)
            {
                prefix = pixel;
                continue;
            }

            var key = (prefix << MinimumBits) | pixel;
            if (codes.TryGetValue(key, out var known))
            {
                prefix = known;
                continue;
            }

            bits.Write(prefix, size);
            if (next == 1 << LargestBits)
            {
                bits.Write(Clear, size);
                codes.Clear();
                (size, next) = (MinimumBits + 1, End + 1);
            }
            else
            {
                if (next == 1 << size) size++;
                codes[key] = next++;
            }

            prefix = pixel;
        }

        if (prefix >= 0)
        {
            bits.Write(prefix, size);
            // The reader has made a code from this one too, and may have come to the next size.
            if (next == 1 << size && size < LargestBits) size++;
        }

        bits.Write(End, size);
        return Blocks(bits.ToArray());
    }

    private static byte[] Blocks(byte[] codes)
    {
        var blocks = new List<byte> { MinimumBits };
        foreach (var block in codes.Chunk(byte.MaxValue))
        {
            blocks.Add((byte)block.Length);
            blocks.AddRange(block);
        }

        blocks.Add(0);
        return [.. blocks];
    }

    private sealed class BitWriter
    {
        private readonly List<byte> _bytes = [];
        private int _waiting;
        private int _count;

        public void Write(int code, int size)
        {
            _waiting |= code << _count;
            for (_count += size; _count >= 8; _count -= 8)
            {
                _bytes.Add((byte)_waiting);
                _waiting >>= 8;
            }
        }

        public byte[] ToArray() => _count > 0 ? [.. _bytes, (byte)_waiting] : [.. _bytes];
    }
}
