using MedSeg.Engine.Runtime;
using static TorchSharp.torch;

namespace MedSeg.Engine.Networks;

/// <summary>A network that maps images (N,C,H,W) to one probability map per class (N,K,H,W), float32 in [0,1].</summary>
public abstract class SegNetwork : nn.Module<Tensor, Tensor>
{
    private protected SegNetwork(string name, int inChannels, int classes)
        : base(WithLibraries(name))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inChannels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        InChannels = inChannels;
        Classes = classes;
    }

    /// <summary>C: channels of the input.</summary>
    public int InChannels { get; }

    /// <summary>K: classes without background.</summary>
    public int Classes { get; }

    /// <summary>Smallest height and width of an input in pixels.</summary>
    public abstract int MinimumSize { get; }

    /// <summary>The forward pass, written once for every back end.</summary>
    /// <param name="ops">Back end.</param>
    /// <param name="input">(N,C,H,W)</param>
    /// <returns>(N,K,H,W)</returns>
    public abstract T Describe<T>(INetworkOps<T> ops, T input);

    /// <summary>Runs the network. The input is not changed or freed; other values are freed as early as possible.</summary>
    /// <param name="input">(N,C,H,W) float32</param>
    /// <returns>(N,K,H,W) float32 in [0,1]</returns>
    /// <exception cref="SegException"><c>NetworkInputShape</c>: wrong channels or an image smaller than <see cref="MinimumSize"/>.</exception>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var shape = input.shape;
        if (shape.Length != 4 || shape[1] != InChannels || shape[2] < MinimumSize || shape[3] < MinimumSize)
        {
            throw new SegException(
                "NetworkInputShape", SegErrorKind.InvalidArgument,
                $"The network takes images (N,{InChannels},H,W) of at least {MinimumSize}×{MinimumSize} pixels; this one is ({string.Join(',', shape)}).",
                "Check the number of channels, the crop size and default_model.depth (each level halves the image).");
        }

        return Describe(new TorchOps(input, training), input);
    }

    /// <summary>Native libraries are checked before TorchSharp's constructor needs them.</summary>
    private static string WithLibraries(string name)
    {
        NativePreflight.EnsureTorch();
        return name;
    }

    /// <summary>Registers nothing beyond what the constructor registered, see <see cref="NetworkPart"/>.</summary>
    protected sealed override void RegisterComponents()
    {
    }
}
