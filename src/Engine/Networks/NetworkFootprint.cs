namespace MedSeg.Engine.Networks;

/// <summary>What training a network keeps in memory, counted layer by layer. docs/networks.md has the formulas.</summary>
/// <param name="Weights">Trainable numbers.</param>
/// <param name="Activations">Numbers per sample that the backward pass needs, the sample itself and its target included.</param>
/// <param name="PoolingIndices">Per sample, 8 bytes each.</param>
/// <param name="Largest">Numbers per sample of the largest tensor: its gradient and one temporary come on top.</param>
public sealed record NetworkFootprint(long Weights, long Activations, long PoolingIndices, long Largest)
{
    private const int BytesPerNumber = 4;
    private const int BytesPerIndex = 8;

    /// <summary>Weight, gradient and the two moments of Adam.</summary>
    private const int CopiesOfWeights = 4;

    /// <summary>Bytes per sample that live between the forward and the backward pass; a double, because configurations can ask for more than a long counts.</summary>
    public double KeptBytes => ((double)Activations * BytesPerNumber) + ((double)PoolingIndices * BytesPerIndex);

    /// <summary>Bytes of one training step.</summary>
    public double TrainingBytes(int batchSize) =>
        ((double)Weights * CopiesOfWeights * BytesPerNumber) + (batchSize * (KeptBytes + (2.0 * Largest * BytesPerNumber)));
}
