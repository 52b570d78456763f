namespace MedSeg.Engine.Networks;

/// <summary><c>default_model.final_activation</c>.</summary>
public enum FinalActivation
{
    /// <summary>Each class on its own.</summary>
    Sigmoid,

    /// <summary>Classes and background share one; needs two classes or more.</summary>
    Softmax,

    /// <summary>Positive part, divided by the sample's largest value; with several classes also by the sum over classes and background.</summary>
    Relu,
}

/// <summary>Turns logits into class probabilities.</summary>
internal static class OutputActivation
{
    /// <summary>Channels of the last convolution: one class needs one, K classes need K + 1 with the background first.</summary>
    public static int LogitChannels(int classes) => classes == 1 ? 1 : classes + 1;

    /// <summary>Refuses an activation that can't tell anything.</summary>
    /// <exception cref="SegException"><c>SoftmaxNeedsClasses</c>: softmax over one class is always 1.</exception>
    public static void Require(FinalActivation activation, int classes)
    {
        if (activation != FinalActivation.Softmax || classes != 1)
            return;
        throw new SegException(
            "SoftmaxNeedsClasses", SegErrorKind.InvalidArgument,
            "default_model.final_activation 'softmax' with one class would answer 1 everywhere.",
            "Use 'sigmoid' or 'relu' for one class.", "default_model.final_activation");
    }

    /// <summary>
    /// Applies the activation and leaves out the background. The normalised ReLU uses the maximum of each sample, so that a
    /// result does not depend on which images share a batch (the reference takes the maximum of the batch).
    /// </summary>
    /// <param name="ops">Back end.</param>
    /// <param name="logits">(N,L,H,W) or (N,L,H,W,D) with L = <see cref="LogitChannels"/></param>
    /// <param name="activation">What to apply.</param>
    /// <param name="classes">K</param>
    /// <param name="shared">Whether the normalised ReLU of several classes is divided by their sum too.</param>
    /// <returns>(N,K,H,W) or (N,K,H,W,D)</returns>
    public static T Apply<T>(INetworkOps<T> ops, T logits, FinalActivation activation, int classes, bool shared = true)
    {
        var several = classes > 1;
        var probabilities = activation switch
        {
            FinalActivation.Sigmoid => ops.Sigmoid(logits),
            FinalActivation.Softmax => ops.Softmax(logits),
            _ => NormalizedRelu(ops, logits, several && shared),
        };
        return several ? ops.DropChannels(probabilities, 1) : probabilities;
    }

    private static T NormalizedRelu<T>(INetworkOps<T> ops, T logits, bool shared)
    {
        var positive = ops.Relu(logits);
        var scaled = ops.DivideUnlessZero(positive, ops.MaxOfSample(positive));
        return shared ? ops.DivideUnlessZero(scaled, ops.SumOfChannels(scaled)) : scaled;
    }
}
