namespace MedSeg.Engine.Inference;

/// <summary>
/// Puts the images of an input into the channels of a network that bears missing contrasts, and tells it which are there. Channels
/// without an image are 0.
/// </summary>
internal sealed class ContrastSlots
{
    private readonly IReadOnlyList<int> _slots;
    private readonly int _channels;
    private float[] _spread = [];

    /// <param name="slots">Which of the network's channels each image is, ascending.</param>
    /// <param name="channels">C: channels of the network.</param>
    /// <exception cref="SegException"><c>NetworkInputShape</c>: more images than channels.</exception>
    public ContrastSlots(IReadOnlyList<int> slots, int channels)
    {
        (_slots, _channels) = (slots, channels);
        if (slots.Count == 0 || slots[^1] >= channels)
        {
            throw new SegException(
                "NetworkInputShape", SegErrorKind.InvalidArgument, $"The model takes 1 to {channels} contrasts, not {slots.Count}.",
                "Give the contrasts that the model was trained with.");
        }
    }

    /// <summary>Images in the network's channels, (N,C,…); valid until the next call.</summary>
    /// <param name="images">(N,A,…), one channel for each image.</param>
    /// <param name="n">N.</param>
    public ReadOnlySpan<float> Spread(ReadOnlySpan<float> images, int n)
    {
        if (_slots.Count == _channels)
            return images;
        var plane = images.Length / (n * _slots.Count);
        if (_spread.Length < n * _channels * plane)
            _spread = new float[checked(n * _channels * plane)];
        for (var i = 0; i < n * _slots.Count; i++)
            images.Slice(i * plane, plane).CopyTo(_spread.AsSpan(((i / _slots.Count * _channels) + _slots[i % _slots.Count]) * plane));
        return _spread.AsSpan(0, n * _channels * plane);
    }

    /// <summary>(N,C), 1 for channels with an image, else 0.</summary>
    public float[] Available(int n)
    {
        var available = new float[n * _channels];
        for (var i = 0; i < n * _slots.Count; i++)
            available[(i / _slots.Count * _channels) + _slots[i % _slots.Count]] = 1;
        return available;
    }
}
