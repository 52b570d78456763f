using MedSeg.Engine.Runtime;
using static TorchSharp.torch;

namespace MedSeg.Engine.Networks;

/// <summary>What a network answers.</summary>
public enum NetworkTask
{
    /// <summary>One map per class: (N,K,H,W) or (N,K,H,W,D).</summary>
    Segmentation,

    /// <summary>One probability per class for the whole image: (N,K).</summary>
    Classification,
}

/// <summary>
/// A network that maps images (N,C,H,W) or volumes (N,C,H,W,D) to one probability map per class, (N,K,H,W) or (N,K,H,W,D),
/// float32 in [0,1]; one that classifies maps them to (N,K).
/// </summary>
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

    /// <summary>Maps of classes, or one answer for the whole image.</summary>
    public virtual NetworkTask Task => NetworkTask.Segmentation;

    /// <summary>2 for images, 3 for volumes.</summary>
    public virtual int Dimensions => 2;

    /// <summary>Smallest side of an input in pixels or voxels.</summary>
    public abstract int MinimumSize { get; }

    /// <summary>Every side of an input must be a multiple of this.</summary>
    public virtual int SizeMultiple => 1;

    /// <summary>Which sizes of images or volumes the network takes.</summary>
    public InputSizes Sizes => new(Dimensions, MinimumSize, SizeMultiple);

    /// <summary>What the network takes beyond the image.</summary>
    public virtual IReadOnlyList<NetworkInput> Inputs => [];

    /// <summary>
    /// Told during a forward pass of tensors what each convolution, batch normalisation (the module) and linear layer (its bias) gave;
    /// the tensor is the pass's own.
    /// </summary>
    internal event Action<object, Tensor>? LayerDone;

    /// <summary>The forward pass, written once for every back end.</summary>
    /// <param name="ops">Back end.</param>
    /// <param name="inputs">The image and what <see cref="Inputs"/> names.</param>
    /// <returns>(N,K,H,W) or (N,K,H,W,D); (N,K) where <see cref="Task"/> is classification.</returns>
    public abstract T Describe<T>(INetworkOps<T> ops, NetworkInputs<T> inputs);

    /// <summary>Runs a network that takes images alone. The input is not changed or freed; other values are freed as early as possible.</summary>
    /// <param name="input">(N,C,H,W) or (N,C,H,W,D) float32</param>
    /// <returns>(N,K,H,W) or (N,K,H,W,D) float32 in [0,1]; (N,K) where <see cref="Task"/> is classification.</returns>
    /// <exception cref="SegException"><c>NetworkInputShape</c> or <c>NetworkInputMissing</c>.</exception>
    public override Tensor forward(Tensor input) => forward(new NetworkInputs(input));

    /// <summary>Runs the network. The inputs are not changed or freed; other values are freed as early as possible.</summary>
    /// <returns>(N,K,H,W) or (N,K,H,W,D) float32 in [0,1]; (N,K) where <see cref="Task"/> is classification.</returns>
    /// <exception cref="SegException">
    /// <c>NetworkInputShape</c>: wrong channels, a side below <see cref="MinimumSize"/> or no multiple of <see cref="SizeMultiple"/>,
    /// a volume that is reduced to one voxel, or another input of the wrong shape. <c>NetworkInputMissing</c>: one of <see cref="Inputs"/> is not there.
    /// </exception>
    public Tensor forward(NetworkInputs inputs) => forward(inputs, ScalarType.Float32);

    /// <summary>The same with convolutions in a shorter type; weights, statistics of normalisation and the answer stay float32.</summary>
    /// <param name="inputs">As for the other form.</param>
    /// <param name="precision">Float32, BFloat16 or Float16.</param>
    internal Tensor forward(NetworkInputs inputs, ScalarType precision)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(inputs.Image);
        NetworkInputChecks.Check(this, inputs);
        Tensor result = Describe(new TorchOps(inputs, training, LayerDone, precision), new NetworkInputs<Tensor>(inputs.Image, inputs.Metadata, inputs.Available));
        if (precision == ScalarType.Float32 || result.dtype == ScalarType.Float32)
            return result;
        using (result)
            return result.to(ScalarType.Float32);
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
