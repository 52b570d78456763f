using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Data.Loading;

/// <summary>The slices of a source as read, one after the other in the same arrays; or its volume as the only one.</summary>
internal sealed class RawPlanes
{
    private readonly SourceStacks _stacks;
    private readonly bool _isVolume;
    private readonly int _classes;
    private readonly float[] _input;
    private readonly float[] _target;
    private readonly float[] _roi;
    private readonly float[] _plane;

    /// <param name="everyRater">Keep raters apart instead of averaging them.</param>
    public RawPlanes(SourceStacks stacks, int classes, bool isVolume, bool everyRater)
    {
        (_stacks, _classes, _isVolume) = (stacks, classes, isVolume);
        var reference = stacks.Channels[0];
        Info = (isVolume ? reference.Whole : reference.Sample) with { Channels = stacks.Channels.Count };
        Count = isVolume ? 1 : reference.Count;
        Raters = everyRater ? stacks.Labels.Count : 1;
        var plane = Info.Size.Count;
        _input = new float[checked(stacks.Channels.Count * plane)];
        _target = new float[checked(Raters * classes * plane)];
        _roi = stacks.Roi is null ? [] : new float[plane];
        _plane = Raters < stacks.Labels.Count ? new float[plane] : [];
    }

    /// <summary>Number of slices, or 1.</summary>
    public int Count { get; }

    /// <summary>Size and voxel size of each, and C.</summary>
    public SampleInfo Info { get; }

    /// <summary>R.</summary>
    public int Raters { get; }

    /// <summary>C planes.</summary>
    public ReadOnlySpan<float> Input => _input;

    /// <summary>R·K planes, rater by rater.</summary>
    public ReadOnlySpan<float> Target => _target;

    /// <summary>One plane, or empty.</summary>
    public ReadOnlySpan<float> Roi => _roi;

    /// <summary>Fills the arrays with slice <paramref name="index"/>.</summary>
    public void Load(int index)
    {
        var size = Info.Size.Count;
        for (var c = 0; c < _stacks.Channels.Count; c++)
            Copy(_stacks.Channels[c], index, _input.AsSpan(c * size, size));
        for (var k = 0; k < _classes; k++)
        {
            for (var r = 0; r < Raters; r++)
                Copy(_stacks.Labels[r][k], index, _target.AsSpan(((r * _classes) + k) * size, size));
            if (_plane.Length > 0)
                Average(index, k, _target.AsSpan(k * size, size));
        }

        if (_roi.Length > 0)
            Copy(_stacks.Roi, index, _roi);
    }

    /// <summary>The share of raters who marked each voxel.</summary>
    private void Average(int index, int k, Span<float> mean)
    {
        for (var r = 1; r < _stacks.Labels.Count; r++)
        {
            Copy(_stacks.Labels[r][k], index, _plane);
            for (var i = 0; i < mean.Length; i++)
                mean[i] += _plane[i];
        }

        for (var i = 0; i < mean.Length; i++)
            mean[i] /= _stacks.Labels.Count;
    }

    private void Copy(SliceStack? stack, int index, Span<float> destination)
    {
        if (stack is null)
            destination.Clear();
        else if (_isVolume)
            stack.CopyVolume(0, destination);
        else
            stack.CopySlice(0, index, destination);
    }
}
