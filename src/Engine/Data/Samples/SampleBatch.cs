using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Data.Samples;

/// <summary>
/// Some samples for one training step. The arrays belong to a pool: call <see cref="Release"/> when they have been copied to a
/// tensor, and do not touch them afterwards.
/// </summary>
/// <param name="Input">(N,C,H,W) row-major, or (N,C,H,W,D) of volumes; may be longer than that.</param>
/// <param name="Target">(N,K,H,W) or (N,K,H,W,D) row-major, 0 and 1 or fractions; may be longer than that.</param>
/// <param name="Count">N.</param>
/// <param name="Channels">C.</param>
/// <param name="Classes">K.</param>
/// <param name="Size">H, W and D of every sample.</param>
/// <param name="IsVolume">Samples have three dimensions, be D 1.</param>
public sealed record SampleBatch(float[] Input, float[] Target, int Count, int Channels, int Classes, GridSize Size, bool IsVolume = false)
{
    private Action<SampleBatch>? _release;

    /// <summary>Where each of the N samples comes from.</summary>
    public IReadOnlyList<SampleOrigin> Origins { get; init; } = [];

    /// <summary>(N,<see cref="MetadataWidth"/>) row-major: what FiLM modulates each sample by; null for networks that take images alone.</summary>
    public float[]? Metadata { get; init; }

    /// <summary>Numbers of metadata per sample.</summary>
    public int MetadataWidth { get; init; }

    /// <summary>(N,C) row-major, 1 where a sample has the contrast, else 0; null for networks that do not ask.</summary>
    public float[]? Available { get; init; }

    /// <summary>Size in mm of a voxel of each sample, along H, W and D.</summary>
    public IReadOnlyList<(double H, double W, double D)> Spacings { get; init; } = [];

    /// <summary>(N,C,H,W) or (N,C,H,W,D).</summary>
    public IReadOnlyList<long> InputShape => Shape(Channels);

    /// <summary>(N,K,H,W) or (N,K,H,W,D).</summary>
    public IReadOnlyList<long> TargetShape => Shape(Classes);

    /// <summary>Gives the arrays back to the pool; further calls do nothing.</summary>
    public void Release() => Interlocked.Exchange(ref _release, null)?.Invoke(this);

    internal SampleBatch WithRelease(Action<SampleBatch> release)
    {
        _release = release;
        return this;
    }

    private long[] Shape(int planes) => IsVolume ? [Count, planes, Size.H, Size.W, Size.D] : [Count, planes, Size.H, Size.W];
}
