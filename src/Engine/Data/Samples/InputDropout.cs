using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Data.Samples;

/// <summary>
/// <c>is_input_dropout</c>: a network that sees samples without some of their channels learns to do without them. The number of
/// channels that are off is uniform in 0 … C − 1; channels that are constant anyway count as off, and the rest is drawn among the
/// others without replacement, so that one always stays.
/// </summary>
internal static class InputDropout
{
    /// <summary>Sets channels to 0.</summary>
    /// <param name="input">C planes.</param>
    /// <param name="plane">Values of a plane.</param>
    public static void Apply(Span<float> input, int plane, RandomStream random)
    {
        var channels = input.Length / plane;
        var off = random.Next(channels);
        var order = random.Permutation(channels);
        foreach (var c in order)
            off -= IsConstant(input.Slice(c * plane, plane)) ? 1 : 0;
        foreach (var c in order)
        {
            var channel = input.Slice(c * plane, plane);
            if (off <= 0 || IsConstant(channel))
                continue;
            channel.Clear();
            off--;
        }
    }

    private static bool IsConstant(ReadOnlySpan<float> channel) => !channel.ContainsAnyExcept(channel[0]);
}
