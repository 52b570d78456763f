using static TorchSharp.torch;

namespace MedSeg.Engine.Networks;

/// <summary>Something a network takes beyond the image: (N,Width) float32.</summary>
/// <param name="Name">Also the name of the input in an exported model.</param>
/// <param name="Width">Numbers per sample.</param>
public sealed record NetworkInput(string Name, int Width)
{
    /// <summary>One-hot categories that FiLM modulates by.</summary>
    public const string Metadata = "metadata";

    /// <summary>1 where a sample has the contrast, else 0.</summary>
    public const string Available = "available";
}

/// <summary>What a forward pass takes; a network ignores what it does not ask for in <see cref="SegNetwork.Inputs"/>.</summary>
/// <param name="Image">(N,C,H,W) or (N,C,H,W,D) float32</param>
/// <param name="Metadata">(N,M) float32</param>
/// <param name="Available">(N,C) float32, 0 or 1</param>
public sealed record NetworkInputs(Tensor Image, Tensor? Metadata = null, Tensor? Available = null)
{
    /// <summary>The tensor of a named input.</summary>
    internal Tensor? this[string name] => name == NetworkInput.Metadata ? Metadata : name == NetworkInput.Available ? Available : null;
}

/// <summary>The same as values of a back end.</summary>
/// <typeparam name="T">A tensor, or the name of a value in a graph.</typeparam>
/// <param name="Image">(N,C,H,W) or (N,C,H,W,D)</param>
/// <param name="Metadata">(N,M); there when the network asks for it.</param>
/// <param name="Available">(N,C); there when the network asks for it.</param>
public sealed record NetworkInputs<T>(T Image, T? Metadata = default, T? Available = default);
