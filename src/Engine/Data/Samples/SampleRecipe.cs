using System.Buffers;
using MedSeg.Engine.Runtime;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Data.Samples;

/// <summary>How a kept sample becomes what the network sees, at each access.</summary>
/// <param name="Channels">C.</param>
/// <param name="Classes">K.</param>
/// <param name="IsVolume">Samples have three dimensions.</param>
/// <param name="AtAccess">The transforms that are left.</param>
internal sealed record SampleRecipe(int Channels, int Classes, bool IsVolume, IReadOnlyList<SegTransform> AtAccess)
{
    /// <summary>Labels keep fractions instead of being decided at 0.5.</summary>
    public bool Soft { get; init; }

    /// <summary>Channels are set to zero at random.</summary>
    public bool Dropout { get; init; }

    /// <summary>
    /// Draws, in this order: the rater whose labels count, one for all classes; the transforms, once for all channels and classes; the
    /// channels that are off.
    /// </summary>
    /// <param name="input">C·H·W·D values.</param>
    /// <param name="target">K·H·W·D values.</param>
    public void Fill(SampleEntry entry, RandomStream random, Span<float> input, Span<float> target)
    {
        var plane = entry.Size.Count;
        var rater = entry.Unit.Raters > 1 ? random.Next(entry.Unit.Raters) : 0;
        var drawn = TransformPipeline.Draw(AtAccess, entry.Info, random);
        var buffer = ArrayPool<float>.Shared.Rent(plane);
        for (var c = 0; c < Channels; c++)
            drawn.Apply(entry.Read(c, buffer), input.Slice(c * plane, plane), SampleKinds.Image, c);
        for (var k = 0; k < Classes; k++)
            drawn.Apply(entry.Read(Channels + (rater * Classes) + k, buffer), target.Slice(k * plane, plane), SampleKinds.Label, k);
        ArrayPool<float>.Shared.Return(buffer);
        drawn.Release();
        if (Dropout)
            InputDropout.Apply(input, plane, random);
        if (Soft)
            return;
        foreach (ref var value in target)
            value = value >= 0.5f ? 1 : 0;
    }
}
