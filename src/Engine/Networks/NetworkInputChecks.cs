namespace MedSeg.Engine.Networks;

/// <summary>Refuses what a network can't compute with, before libtorch fails in the middle of it.</summary>
internal static class NetworkInputChecks
{
    /// <exception cref="SegException"><c>NetworkInputShape</c> or <c>NetworkInputMissing</c>.</exception>
    public static void Check(SegNetwork network, NetworkInputs inputs)
    {
        var shape = inputs.Image.shape;
        if (shape.Length != network.Dimensions + 2 || shape[1] != network.InChannels || !network.Sizes.Fits(shape.AsSpan(2)))
        {
            throw new SegException(
                "NetworkInputShape", SegErrorKind.InvalidArgument,
                $"The network takes {Wanted(network)}; this one is ({string.Join(',', shape)}).",
                "Check the number of channels, the size of crops or patches and default_model.depth (each level halves the image).");
        }

        foreach (var input in network.Inputs)
            CheckInput(input, inputs[input.Name]?.shape, shape[0]);
    }

    private static void CheckInput(NetworkInput input, long[]? shape, long samples)
    {
        if (shape is null)
        {
            throw new SegException(
                "NetworkInputMissing", SegErrorKind.InvalidArgument, $"The network takes '{input.Name}' beside the image, and there is none.",
                $"Give {input.Width} numbers per sample.");
        }

        if (shape.Length != 2 || shape[0] != samples || shape[1] != input.Width)
        {
            throw new SegException(
                "NetworkInputShape", SegErrorKind.InvalidArgument,
                $"The network takes '{input.Name}' of {samples} samples with {input.Width} numbers each; this one is ({string.Join(',', shape)}).",
                "Use the categories that the network was made for.");
        }
    }

    private static string Wanted(SegNetwork network) =>
        $"{(network.Dimensions == 2 ? "images" : "volumes")} (N,{network.InChannels},{(network.Dimensions == 2 ? "H,W" : "H,W,D")}) of {network.Sizes}";
}
