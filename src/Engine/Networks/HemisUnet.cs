namespace MedSeg.Engine.Networks;

/// <summary>
/// U-Net with one encoder per contrast that bears missing contrasts (Havaei et al. 2016): at every level the decoder sees mean and
/// unbiased variance of the features of the contrasts that a sample has. The variance of one contrast is 0.
/// </summary>
public sealed class HemisUnet : SegNetwork
{
    private readonly UnetOptions _options;
    private readonly List<UnetEncoder> _encoders = [];
    private readonly UnetDecoder _decoder;

    /// <summary>A network with weights drawn from <paramref name="seed"/>: the same on every platform.</summary>
    /// <param name="contrasts">Names of the input's channels, in their order.</param>
    /// <param name="options">Size; as many channels as contrasts, without FiLM.</param>
    /// <param name="seed">Of the first weights.</param>
    /// <exception cref="SegException"><c>HemisContrasts</c>: not one channel per contrast, a name twice, or a name with a dot. <c>SoftmaxNeedsClasses</c>.</exception>
    public HemisUnet(IReadOnlyList<string> contrasts, UnetOptions options, long seed = 0)
        : base(nameof(HemisUnet), options.InChannels, options.Classes)
    {
        Check(contrasts, options);
        _options = options;
        var single = options with { InChannels = 1 };
        var encoders = new NamedModules();
        foreach (var contrast in contrasts)
        {
            var encoder = new UnetEncoder(single, new FilmChain(null));
            encoders.register_module("Encoder_" + contrast, encoder);
            _encoders.Add(encoder);
        }

        _decoder = new UnetDecoder(options, new FilmChain(null), fused: true);
        register_module("Encoder_mod", encoders);
        register_module("decoder", _decoder);
        WeightInitializer.Fill(this, seed);
        ChannelsLast.Apply(this);
    }

    public override int MinimumSize => 1 << _options.Depth;

    public override int Dimensions => _options.Dimensions;

    public override IReadOnlyList<NetworkInput> Inputs => [new NetworkInput(NetworkInput.Available, InChannels)];

    public override T Describe<T>(INetworkOps<T> ops, NetworkInputs<T> inputs)
    {
        ArgumentNullException.ThrowIfNull(ops);
        ArgumentNullException.ThrowIfNull(inputs);
        var bottoms = new List<T>();
        var levels = Enumerable.Range(0, _options.Depth).Select(_ => new List<T>()).ToArray();
        for (var m = 0; m < _encoders.Count; m++)
        {
            var skips = new Stack<T>();
            var channel = ops.KeepChannels(ops.DropChannels(inputs.Image, m), 1);
            bottoms.Add(_encoders[m].Describe(ops, new NetworkInputs<T>(channel), skips));
            for (var level = _options.Depth - 1; level >= 0; level--)
                levels[level].Add(skips.Pop());
        }

        var available = inputs.Available!;
        var fused = new Stack<T>();
        foreach (var features in levels)
            fused.Push(ContrastFusion.Describe(ops, features, available));
        var logits = _decoder.Describe(ops, ContrastFusion.Describe(ops, bottoms, available), fused, inputs);
        return OutputActivation.Apply(ops, logits, _options.Activation, Classes);
    }

    private static void Check(IReadOnlyList<string> contrasts, UnetOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Depth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Filters, 1);
        OutputActivation.Require(options.Activation, options.Classes);
        if (contrasts.Count == options.InChannels && contrasts.Distinct(StringComparer.Ordinal).Count() == contrasts.Count
            && contrasts.All(name => name.Length > 0 && !name.Contains('.', StringComparison.Ordinal)))
        {
            return;
        }

        throw new SegException(
            "HemisContrasts", SegErrorKind.InvalidArgument,
            $"HeMISUnet needs one name without dots for each of {options.InChannels} channels, no two the same; there are '{string.Join(", ", contrasts)}'.",
            "Give HeMISUnet.contrasts the contrasts of contrast_params.training_validation.", "HeMISUnet.contrasts");
    }
}

/// <summary>Modules by name.</summary>
internal sealed class NamedModules() : NetworkPart("modules");

/// <summary>Joins the features of the contrasts that a sample has.</summary>
internal static class ContrastFusion
{
    /// <summary>
    /// Σaf/n beside Σa(f − mean)²/(n − 1), where a is 1 for the contrasts that are there and n their number; 0 where a divisor is 0.
    /// </summary>
    /// <param name="features">(N,C,H,W) of each contrast; used up.</param>
    /// <param name="available">(N,M), 0 or 1; an input of the network.</param>
    /// <returns>(N,2C,H,W): means, then variances.</returns>
    public static T Describe<T>(INetworkOps<T> ops, IReadOnlyList<T> features, T available)
    {
        var mean = ops.DivideUnlessZero(Sum(m => ops.Retain(features[m])), Count());
        var squares = Sum(m =>
        {
            var difference = ops.Subtract(features[m], ops.Retain(mean));
            return ops.Multiply(ops.Retain(difference), difference);
        });
        return ops.Concat(mean, ops.DivideUnlessZero(squares, ops.AddNumber(Count(), -1)));

        T Sum(Func<int, T> value)
        {
            var sum = Part(0);
            for (var m = 1; m < features.Count; m++)
                sum = ops.Add(sum, Part(m));
            return sum;

            T Part(int m) => ops.Multiply(value(m), ops.OverSpace(ops.KeepChannels(ops.DropChannels(available, m), 1)));
        }

        T Count() => ops.OverSpace(ops.SumOfChannels(available));
    }
}
