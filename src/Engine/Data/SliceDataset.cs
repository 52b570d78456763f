using MedSeg.Engine.Runtime;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Data;

/// <summary>
/// The slices of one part of a dataset in memory, after the slice filters and the load-time transforms. The other transforms
/// run at each access. Safe to read from several threads.
/// </summary>
public sealed class SliceDataset
{
    private readonly CachedSlice[] _slices;
    private readonly IReadOnlyList<SegTransform> _atAccess;
    private readonly SampleInfo _sample;
    private readonly bool _soft;

    internal SliceDataset(CachedSlice[] slices, IReadOnlyList<SegTransform> atAccess, SampleInfo sample, int classes, bool soft)
    {
        (_slices, _atAccess, _sample, _soft) = (slices, atAccess, sample, soft);
        Classes = classes;
        Origins = [.. slices.Select(slice => slice.Origin)];
    }

    /// <summary>Number of slices.</summary>
    public int Count => _slices.Length;

    /// <summary>Input channels.</summary>
    public int Channels => _sample.Channels;

    public int Classes { get; }

    public int Height => _sample.Size.H;

    public int Width => _sample.Size.W;

    /// <summary>Where each slice comes from: images by path, slices ascending.</summary>
    public IReadOnlyList<SliceOrigin> Origins { get; }

    /// <summary>Reads images with their labels in parallel.</summary>
    /// <param name="images">An image that cannot be read is one error to the observer and is left out.</param>
    /// <param name="config">Target suffixes, slice axis, filters and transforms.</param>
    /// <param name="part">training, validation or testing.</param>
    /// <param name="o">Told about bad images, missing classes and progress.</param>
    /// <param name="ct">Stops between images.</param>
    /// <exception cref="SegException">
    /// <c>NoImageLoaded</c>, <c>NoSliceLeft</c>, <c>SliceSizesDiffer</c>, or an error of the configuration.
    /// </exception>
    public static SliceDataset Load(IReadOnlyList<BidsImage> images, SegConfig config, string part, ISegObserver o, CancellationToken ct) =>
        new SliceDatasetLoader(config, part, o, ct).Load(images);

    /// <summary>Writes one sample, transformed.</summary>
    /// <param name="index">0 … Count − 1.</param>
    /// <param name="random">Source of the sample's random numbers.</param>
    /// <param name="input">C·H·W values.</param>
    /// <param name="target">K·H·W values.</param>
    internal void Fill(int index, RandomStream random, Span<float> input, Span<float> target)
    {
        var slice = _slices[index];
        var plane = _sample.Size.Count;
        var drawn = TransformPipeline.Draw(_atAccess, _sample, random);
        for (var c = 0; c < Channels; c++)
            drawn.Apply(slice.Input.AsSpan(c * plane, plane), input.Slice(c * plane, plane), SampleKinds.Image, c);
        for (var k = 0; k < Classes; k++)
            drawn.Apply(slice.Target.AsSpan(k * plane, plane), target.Slice(k * plane, plane), SampleKinds.Label, k);
        if (_soft)
            return;
        foreach (ref var value in target)
            value = value >= 0.5f ? 1 : 0;
    }
}

/// <summary>One slice after the load-time transforms.</summary>
/// <param name="Input">C·H·W values.</param>
/// <param name="Target">K·H·W fractions.</param>
internal sealed record CachedSlice(float[] Input, float[] Target, SliceOrigin Origin);
