using TorchSharp.Modules;

namespace MedSeg.Engine.Networks;

/// <summary>The end of a network that classifies whole images.</summary>
internal static class ClassificationHead
{
    /// <summary>One answer for no class at all and one per class.</summary>
    public static int Logits(int classes) => classes + 1;

    /// <summary>Mean over space, linear layer, softmax; the first answer, no class, is left out.</summary>
    /// <param name="features">(N,C,H,W)</param>
    /// <param name="layer">C → K + 1</param>
    /// <returns>(N,K), the probability of each class.</returns>
    public static T Describe<T>(INetworkOps<T> ops, T features, Linear layer) =>
        ops.DropChannels(ops.Softmax(ops.Linear(ops.MeanOverSpace(features), layer.weight!, layer.bias!)), 1);
}
