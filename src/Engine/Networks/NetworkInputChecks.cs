namespace MedSeg.Engine.Networks;

/// <summary>Refuses what a network can't compute with, before libtorch fails in the middle of it.</summary>
internal static class NetworkInputChecks
{
    /// <exception cref="SegException"><c>NetworkInputShape</c> or <c>NetworkInputMissing</c>.</exception>
    public static void Check(SegNetwork network, NetworkInputs inputs)
    {
        var shape = inputs.Image.shape;
        if (shape.Length != network.Dimensions + 2 || shape[1] != network.InChannels || !Fits(network, shape.AsSpan(2)))
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

    /// <summary>Volumes: the deepest level must have two voxels, since normalising one voxel of one instance always gives 0.</summary>
    private static bool Fits(SegNetwork network, ReadOnlySpan<long> sides)
    {
        var longest = 0L;
        foreach (var side in sides)
        {
            if (side < network.MinimumSize || side % network.SizeMultiple != 0)
                return false;
            longest = Math.Max(longest, side);
        }

        return network.Dimensions == 2 || longest >= 2L * network.MinimumSize;
    }

    private static string Wanted(SegNetwork network)
    {
        var least = network.MinimumSize;
        var multiple = network.SizeMultiple > 1 ? $", each side a multiple of {network.SizeMultiple}" : "";
        return network.Dimensions == 2
            ? $"images (N,{network.InChannels},H,W) of at least {least}×{least} pixels{multiple}"
            : $"volumes (N,{network.InChannels},H,W,D) of at least {least}×{least}×{least} voxels, one side at least {2 * least}{multiple}";
    }
}
