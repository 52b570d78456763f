using TorchSharp.Modules;

namespace MedSeg.Engine.Networks;

/// <summary>The end of a network that classifies whole images.</summary>
internal static class ClassificationHead
{
    /// <summary>One answer for no class at all and one per class.</summary>
    public static int Logits(int classes) => classes + 1;

    /// <summary>
    /// Mean over space, linear layer, and for each class the softmax of its answer against that for no class: classes may be present
    /// together. With one class this is the softmax over both answers.
    /// </summary>
    /// <param name="features">(N,C,H,W)</param>
    /// <param name="layer">C → K + 1</param>
    /// <returns>(N,K), the probability of each class.</returns>
    public static T Describe<T>(INetworkOps<T> ops, T features, Linear layer)
    {
        var answers = ops.Retain(ops.Linear(ops.MeanOverSpace(features), layer.weight!, layer.bias!));
        return ops.Sigmoid(ops.Subtract(ops.DropChannels(answers, 1), ops.KeepChannels(answers, 1)));
    }
}
