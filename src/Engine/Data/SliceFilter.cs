namespace MedSeg.Engine.Data;

/// <summary>Which raw slices are used, before any transform.</summary>
/// <remarks>
/// Rules that look at labels hold for training and validation only: at test time they would hide slices that the network gets
/// wrong.
/// </remarks>
internal sealed class SliceFilter
{
    private readonly bool _emptyInput;
    private readonly bool _emptyMask;
    private readonly bool _absentClass;

    public SliceFilter(SliceFilterConfig config, bool mayUseLabels)
    {
        _emptyInput = config.FilterEmptyInput;
        _emptyMask = config.FilterEmptyMask && mayUseLabels;
        _absentClass = config.FilterAbsentClass && mayUseLabels;
    }

    /// <summary>Decides on one slice.</summary>
    /// <param name="input">Channels of H·W values.</param>
    /// <param name="target">Classes of H·W values.</param>
    /// <param name="plane">H·W.</param>
    public bool Keeps(ReadOnlySpan<float> input, ReadOnlySpan<float> target, int plane)
    {
        var present = 0;
        var classes = target.Length / plane;
        for (var k = 0; k < classes; k++)
            present += target.Slice(k * plane, plane).ContainsAnyExcept(0f) ? 1 : 0;
        if ((_emptyMask && present == 0) || (_absentClass && present < classes))
            return false;
        for (var c = 0; _emptyInput && c < input.Length / plane; c++)
        {
            var channel = input.Slice(c * plane, plane);
            if (!channel.ContainsAnyExcept(channel[0]))
                return false;
        }

        return true;
    }
}
