namespace MedSeg.Engine.Data;

/// <summary>Where a slice comes from.</summary>
/// <param name="Image">The image.</param>
/// <param name="SliceIndex">From 0 along the slice axis of the RAS+ volume.</param>
public sealed record SliceOrigin(BidsImage Image, int SliceIndex);

/// <summary>
/// Some samples for one training step. The arrays belong to a pool: call <see cref="Release"/> when they have been copied to a
/// tensor and do not touch them afterwards.
/// </summary>
/// <param name="Input">Exactly N·C·H·W values, row-major (N, C, H, W).</param>
/// <param name="Target">Exactly N·K·H·W values, row-major (N, K, H, W): 0 and 1, or fractions with <c>soft_gt</c>.</param>
/// <param name="Count">N.</param>
/// <param name="Channels">C.</param>
/// <param name="Classes">K.</param>
/// <param name="Height">H.</param>
/// <param name="Width">W.</param>
public sealed record SliceBatch(float[] Input, float[] Target, int Count, int Channels, int Classes, int Height, int Width)
{
    private Action<SliceBatch>? _release;

    /// <summary>Where each of the N samples comes from.</summary>
    public IReadOnlyList<SliceOrigin> Origins { get; init; } = [];

    /// <summary>Gives the arrays back to the pool; further calls do nothing.</summary>
    public void Release() => Interlocked.Exchange(ref _release, null)?.Invoke(this);

    internal SliceBatch WithRelease(Action<SliceBatch> release)
    {
        _release = release;
        return this;
    }
}
