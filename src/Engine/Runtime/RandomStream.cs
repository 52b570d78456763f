using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace MedSeg.Engine.Runtime;

/// <summary>
/// Reproducible random numbers: xoshiro256** 1.0 (Blackman and Vigna 2018), started by SplitMix64 from a seed and any number
/// of keys. Streams with different keys, for example (seed, epoch, sample), are independent, so that work can be spread over
/// threads in any order and still draw the same numbers. Only integer and basic IEEE operations are used: the same numbers
/// come on every platform. Not for secrets; an instance is not safe for several threads.
/// </summary>
[SuppressMessage("Naming", "CA1711", Justification = "A stream of random numbers is the term of the field.")]
public sealed class RandomStream
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>A stream for a seed and keys; their order matters.</summary>
    public RandomStream(long seed, params ReadOnlySpan<long> keys)
    {
        var mixed = unchecked((ulong)seed);
        foreach (var key in keys)
            mixed = SplitMix(ref mixed) ^ unchecked((ulong)key);
        _s0 = SplitMix(ref mixed);
        _s1 = SplitMix(ref mixed);
        _s2 = SplitMix(ref mixed);
        _s3 = SplitMix(ref mixed);
    }

    private RandomStream(ulong s0, ulong s1, ulong s2, ulong s3) => (_s0, _s1, _s2, _s3) = (s0, s1, s2, s3);

    /// <summary>The whole state, four numbers, for checkpoints.</summary>
    public ulong[] ToState() => [_s0, _s1, _s2, _s3];

    /// <summary>Continues where <see cref="ToState"/> was taken.</summary>
    /// <exception cref="ArgumentException">Not four numbers, or all zero.</exception>
    public static RandomStream FromState(ReadOnlySpan<ulong> state) =>
        state.Length == 4 && (state[0] | state[1] | state[2] | state[3]) != 0
            ? new(state[0], state[1], state[2], state[3])
            : throw new ArgumentException("A random state is four numbers, not all zero.", nameof(state));

    /// <summary>64 uniform bits.</summary>
    public ulong NextBits()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Uniform integer in [0, <paramref name="count"/>), without bias (Lemire 2019).</summary>
    public int Next(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var range = (ulong)count;
        var high = Math.BigMul(NextBits(), range, out var low);
        if (low < range)
        {
            for (var threshold = unchecked(0UL - range) % range; low < threshold;)
                high = Math.BigMul(NextBits(), range, out low);
        }

        return (int)high;
    }

    /// <summary>Uniform in [0, 1), a multiple of 2⁻⁵³.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [<paramref name="low"/>, <paramref name="high"/>); equal bounds give that bound.</summary>
    public double NextUniform(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>
    /// Fills with uniform numbers from <paramref name="low"/> to <paramref name="high"/> in steps of (high − low)·2⁻²⁴, two for each
    /// 64 random bits.
    /// </summary>
    public void Fill(Span<float> values, float low, float high)
    {
        const float unit = 1f / (1 << 24);
        var step = (high - low) * unit;
        for (var i = 0; i < values.Length; i += 2)
        {
            var bits = NextBits();
            values[i] = low + (step * (int)(bits >> 40));
            if (i + 1 < values.Length)
                values[i + 1] = low + (step * (int)((bits >> 16) & 0xFFFFFF));
        }
    }

    /// <summary>Normal deviate (Marsaglia's polar method). The second deviate of each pair is not kept, so that the state stays four numbers.</summary>
    public double Normal(double mean = 0, double standardDeviation = 1)
    {
        while (true)
        {
            var u = (2 * NextDouble()) - 1;
            var v = (2 * NextDouble()) - 1;
            var s = (u * u) + (v * v);
            if (s is > 0 and < 1)
                return mean + (standardDeviation * u * Math.Sqrt(-2 * Ln(s) / s));
        }
    }

    /// <summary>Puts the elements into a uniformly random order (Fisher–Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>0 … <paramref name="count"/> − 1 in random order.</summary>
    public int[] Permutation(int count)
    {
        var order = new int[count];
        for (var i = 0; i < count; i++)
            order[i] = i;
        Shuffle<int>(order);
        return order;
    }

    private static ulong SplitMix(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>
    /// Natural logarithm of a positive normal number by 2·artanh((m−1)/(m+1)) with m in [√½, √2). The C libraries behind
    /// Math.Log differ in the last bit between platforms; this does not.
    /// </summary>
    internal static double Ln(double x)
    {
        var bits = BitConverter.DoubleToInt64Bits(x);
        var exponent = (int)((bits >> 52) & 0x7FF) - 1023;
        var m = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFFL) | 0x3FF0000000000000L);
        if (m > 1.4142135623730951)
        {
            m /= 2;
            exponent++;
        }

        var z = (m - 1) / (m + 1);
        var zz = z * z;
        var sum = 0.0;
        for (var k = 21; k >= 1; k -= 2)
            sum = (sum * zz) + (1.0 / k);
        return (exponent * 0.6931471805599453) + (2 * z * sum);
    }
}
