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

    /// <summary>The network is told which contrasts a sample has.</summary>
    public bool TellsAvailable { get; init; }

    /// <summary>What is hidden of samples; null where nothing is.</summary>
    public MissingContrasts? Hiding { get; init; }

    /// <summary>
    /// Draws, in this order: the rater whose labels count, one for all classes; the transforms, once for all channels and classes; the
    /// channels that are off. Channels that the sample lacks are 0: nothing may transform or normalise what is not there.
    /// </summary>
    /// <param name="input">C·H·W·D values.</param>
    /// <param name="target">K·H·W·D values.</param>
    public void Fill(SampleEntry entry, RandomStream random, Span<float> input, Span<float> target)
    {
        var plane = entry.Size.Count;
        var rater = entry.Unit.Raters > 1 ? random.Next(entry.Unit.Raters) : 0;
        var drawn = TransformPipeline.Draw(AtAccess, entry.Info, random);
        var buffer = ArrayPool<float>.Shared.Rent(plane);
        var slots = entry.Origin.Source.Slots;
        if (slots.Count < Channels)
            input.Clear();
        for (var c = 0; c < slots.Count; c++)
            drawn.Apply(entry.Read(c, buffer), input.Slice(slots[c] * plane, plane), SampleKinds.Image, c);
        for (var k = 0; k < Classes; k++)
            drawn.Apply(entry.Read(slots.Count + (rater * Classes) + k, buffer), target.Slice(k * plane, plane), SampleKinds.Label, k);
        ArrayPool<float>.Shared.Return(buffer);
        drawn.Release();
        if (Dropout)
            InputDropout.Apply(input, plane, random);
        if (Soft)
            return;
        foreach (ref var value in target)
            value = value >= 0.5f ? 1 : 0;
    }

    /// <summary>Says which contrasts a sample has, and sets those that are hidden to 0.</summary>
    /// <param name="input">C·H·W·D values as <see cref="Fill"/> left them.</param>
    /// <param name="available">C numbers; filled with 1 and 0.</param>
    /// <param name="epoch">From 1.</param>
    /// <param name="keys">Of the sample, for what is drawn.</param>
    public void Tell(SampleEntry entry, Span<float> input, Span<float> available, long seed, int epoch, params ReadOnlySpan<long> keys)
    {
        available.Clear();
        foreach (var slot in entry.Origin.Source.Slots)
            available[slot] = 1;
        Hiding?.Hide(available, seed, epoch, keys);
        var plane = entry.Size.Count;
        foreach (var slot in entry.Origin.Source.Slots)
        {
            if (available[slot] <= 0)
                input.Slice(slot * plane, plane).Clear();
        }
    }
}
