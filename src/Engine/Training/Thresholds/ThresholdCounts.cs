using MedSeg.Engine.Evaluation;

namespace MedSeg.Engine.Training.Thresholds;

/// <summary>
/// How the voxels of one image, all classes together, are predicted at every threshold at once: two histograms over the number of
/// thresholds that a voxel reaches, so that no image need be kept.
/// </summary>
internal sealed class ThresholdCounts(ThresholdGrid grid)
{
    private readonly long[] _labelled = new long[grid.Values.Count + 1];
    private readonly long[] _others = new long[grid.Values.Count + 1];

    /// <summary>Adds voxels.</summary>
    /// <param name="prediction">Probabilities.</param>
    /// <param name="reference">The same voxels; labelled from 0.5 on.</param>
    public void Add(ReadOnlySpan<float> prediction, ReadOnlySpan<float> reference)
    {
        if (prediction.Length != reference.Length)
            throw new ArgumentException($"{prediction.Length} probabilities are not {reference.Length} labels.", nameof(reference));
        for (int i = 0; i < prediction.Length; i++)
            (reference[i] >= Mask.Half ? _labelled : _others)[grid.Reached(prediction[i])]++;
    }

    /// <summary>Adds what another image counted.</summary>
    public void Add(ThresholdCounts other)
    {
        for (int b = 0; b < _labelled.Length; b++)
        {
            _labelled[b] += other._labelled[b];
            _others[b] += other._others[b];
        }
    }

    /// <summary>The overlap at each threshold.</summary>
    public Overlap[] Overlaps()
    {
        long labelled = _labelled.Sum(), voxels = labelled + _others.Sum(), hits = labelled, predicted = voxels;
        var overlaps = new Overlap[grid.Values.Count];
        for (int t = 0; t < overlaps.Length; t++)
        {
            // What reaches only t thresholds is below the next one.
            hits -= _labelled[t];
            predicted -= _labelled[t] + _others[t];
            overlaps[t] = new(hits, predicted, labelled, voxels);
        }

        return overlaps;
    }
}
