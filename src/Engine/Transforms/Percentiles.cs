using System.Buffers;
using System.Numerics;

namespace MedSeg.Engine.Transforms;

/// <summary>
/// Percentiles by selection instead of sorting: counting the leading, then the middle, then the last bits of the values finds the
/// one of a given rank in three rounds, whatever the distribution.
/// </summary>
internal static class Percentiles
{
    private static readonly (int Shift, int Digits)[] Rounds = [(21, 1 << 11), (10, 1 << 11), (0, 1 << 10)];

    /// <summary>Two percentiles, 0 to 100, with linear interpolation between the values of neighbouring ranks.</summary>
    /// <param name="values">At least one value.</param>
    /// <param name="first">Percentile.</param>
    /// <param name="second">Percentile.</param>
    public static (double First, double Second) Of(ReadOnlySpan<float> values, double first, double second)
    {
        var keys = ArrayPool<int>.Shared.Rent(values.Length);
        var scratch = ArrayPool<int>.Shared.Rent(values.Length);
        ToKeys(values, keys);
        var all = keys.AsSpan(0, values.Length);
        var leading = new int[Rounds[0].Digits];
        Count(all, Rounds[0], leading);
        var result = (Interpolate(all, leading, scratch, first), Interpolate(all, leading, scratch, second));
        ArrayPool<int>.Shared.Return(keys);
        ArrayPool<int>.Shared.Return(scratch);
        return result;
    }

    private static double Interpolate(ReadOnlySpan<int> keys, ReadOnlySpan<int> leading, Span<int> scratch, double percentile)
    {
        var place = percentile / 100 * (keys.Length - 1);
        var rank = (int)place;
        var (key, isLast) = Select(keys, leading, scratch, rank);
        double low = Value(key);
        if (place == rank)
            return low;
        var high = isLast ? Value(Next(keys, key)) : low;
        return low + ((high - low) * (place - rank));
    }

    /// <summary>The key of a rank, counted from 0, and whether the next rank has a larger one.</summary>
    private static (int Key, bool IsLast) Select(ReadOnlySpan<int> keys, ReadOnlySpan<int> leading, Span<int> scratch, int rank)
    {
        var candidates = keys;
        var counts = leading;
        var own = new int[Rounds[1].Digits];
        var key = 0;
        foreach (var round in Rounds)
        {
            if (round.Shift != Rounds[0].Shift)
            {
                Array.Clear(own);
                Count(candidates, round, own);
                counts = own;
            }

            var digit = 0;
            while (rank >= counts[digit])
                rank -= counts[digit++];
            key |= digit << round.Shift;
            if (round.Shift == 0)
                return (key ^ int.MinValue, rank == counts[digit] - 1);
            candidates = Gather(candidates, round, digit, scratch);
        }

        throw new InvalidOperationException("The last round returns.");
    }

    private static void Count(ReadOnlySpan<int> keys, (int Shift, int Digits) round, Span<int> counts)
    {
        foreach (var key in keys)
            counts[Digit(key, round)]++;
    }

    /// <summary>Keys with a digit, in front of the scratch space, which may be where they come from.</summary>
    private static ReadOnlySpan<int> Gather(ReadOnlySpan<int> keys, (int Shift, int Digits) round, int digit, Span<int> scratch)
    {
        var count = 0;
        foreach (var key in keys)
        {
            if (Digit(key, round) == digit)
                scratch[count++] = key;
        }

        return scratch[..count];
    }

    private static int Digit(int key, (int Shift, int Digits) round) => (int)((uint)(key ^ int.MinValue) >> round.Shift) & (round.Digits - 1);

    /// <summary>The smallest key above a given one, which must exist.</summary>
    private static int Next(ReadOnlySpan<int> keys, int key)
    {
        var next = int.MaxValue;
        foreach (var other in keys)
        {
            if (other > key && other < next)
                next = other;
        }

        return next;
    }

    /// <summary>Whole numbers in the order of the values: where the sign is set, the other bits are turned round.</summary>
    private static void ToKeys(ReadOnlySpan<float> values, Span<int> keys)
    {
        var i = 0;
        for (; i <= values.Length - Vector<int>.Count; i += Vector<int>.Count)
        {
            var bits = Vector.AsVectorInt32(new Vector<float>(values[i..]));
            (bits ^ (Vector.ShiftRightArithmetic(bits, 31) & new Vector<int>(int.MaxValue))).CopyTo(keys[i..]);
        }

        for (; i < values.Length; i++)
        {
            var bits = BitConverter.SingleToInt32Bits(values[i]);
            keys[i] = bits ^ ((bits >> 31) & int.MaxValue);
        }
    }

    private static float Value(int key) => BitConverter.Int32BitsToSingle(key ^ ((key >> 31) & int.MaxValue));
}
