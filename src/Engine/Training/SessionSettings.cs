using MedSeg.Engine.Packaging;
using MedSeg.Engine.Training.Mixing;
using TorchSharp;

namespace MedSeg.Engine.Training;

/// <summary>What a training session needs to know besides its parts.</summary>
/// <param name="Seed">Seed of dropout; weights, order and augmentation are seeded where they are made.</param>
/// <param name="Epochs">Epochs of the whole run, at least 1.</param>
/// <param name="Device">Where to compute.</param>
/// <param name="Threshold">For the validation Dice.</param>
/// <param name="Update">How gradients become weights; null for plain Adam.</param>
internal sealed record SessionSettings(long Seed, int Epochs, torch.Device Device, double Threshold, UpdateSettings? Update = null)
{
    /// <summary>Mixes the samples of training batches; null leaves them as they are.</summary>
    public Mixup? Mixup { get; init; }

    /// <summary>The model that the network's weights come from, or null.</summary>
    public TransferRecord? Transfer { get; init; }

    /// <summary>What convolutions compute in while training; validation is float32 always.</summary>
    public torch.ScalarType Precision { get; init; } = torch.ScalarType.Float32;
}
