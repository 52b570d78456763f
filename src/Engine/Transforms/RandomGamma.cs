using System.Numerics;
using System.Numerics.Tensors;
using MedSeg.Engine.Configuration;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Transforms;

/// <summary>
/// Raises the values of a channel, with a given probability, to a random power γ = exp(u) and keeps their signs:
/// sign(x)·|x|^γ. Each channel draws its own.
/// </summary>
public sealed class RandomGamma : SegTransform
{
    private readonly double _low;
    private readonly double _high;
    private readonly double _probability;

    internal RandomGamma(TransformParameters parameters)
        : base(parameters.Name, parameters.AppliesTo(spatial: false))
    {
        (_low, _high) = parameters.Range("log_gamma_range");
        _probability = parameters.Number("p");
    }

    internal static ComponentSpec Spec { get; } = new("RandomGamma",
    [
        new(
            "log_gamma_range", ParameterKind.NumberList, null, -10, 10, Required: true, MinimumCount: 2, MaximumCount: 2,
            Help: "Lowest and highest natural logarithm of the power."),
        new("p", ParameterKind.Number, Default: 0.5, Minimum: 0, Maximum: 1, Help: "Probability that a channel is changed."),
    ]);

    public override bool IsRandom => true;

    public override DrawnTransform Draw(SampleInfo sample, RandomStream? random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var gammas = new double[sample.Channels];
        for (var c = 0; c < gammas.Length; c++)
        {
            var happens = random.NextDouble() < _probability;
            var exponent = random.NextUniform(_low, _high);
            gammas[c] = happens ? Math.Exp(exponent) : 1;
        }

        return new Drawn(sample, gammas);
    }

    /// <summary>sign(x)·|x|^γ; what overflows becomes the largest finite number, what is not a number becomes 0.</summary>
    internal static void Power(ReadOnlySpan<float> source, double gamma, Span<float> destination)
    {
        destination = destination[..source.Length];
        // exp(γ·ln|x|) is vectorised, a power is not; 0 becomes exp(−∞) = 0.
        TensorPrimitives.Abs(source, destination);
        TensorPrimitives.Log(destination, destination);
        TensorPrimitives.Multiply(destination, (float)gamma, destination);
        TensorPrimitives.Exp(destination, destination);
        var i = 0;
        for (; i <= source.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var power = new Vector<float>(destination[i..]);
            var finite = Vector.ConditionalSelect(Vector.Equals(power, power), Vector.Min(power, new Vector<float>(float.MaxValue)), default);
            (finite | (new Vector<float>(source[i..]) & new Vector<float>(-0f))).CopyTo(destination[i..]);
        }

        for (; i < source.Length; i++)
            destination[i] = float.IsNaN(destination[i]) ? 0 : MathF.CopySign(MathF.Min(destination[i], float.MaxValue), source[i]);
    }

    private sealed class Drawn(SampleInfo sample, double[] gammas) : DrawnIntensity(sample)
    {
        public override bool IsIdle => Array.TrueForAll(gammas, gamma => gamma == 1);

        public override IReadOnlyList<DrawnParameter> Describe() => IsIdle ? [] : [new("gamma", gammas)];

        public override void Apply(ReadOnlySpan<float> source, Span<float> destination, SampleKinds kind, int channel)
        {
            source = source[..Input.Size.Count];
            var gamma = gammas[channel % gammas.Length];
            if (gamma == 1)
                source.CopyTo(destination);
            else
                Power(source, gamma, destination);
        }
    }
}
