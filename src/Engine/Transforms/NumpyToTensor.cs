using MedSeg.Engine.Configuration;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Transforms;

/// <summary>Does nothing: samples become tensors by themselves. It is here because configurations of other programs list it.</summary>
public sealed class NumpyToTensor : SegTransform
{
    internal NumpyToTensor(TransformParameters parameters)
        : base(parameters.Name, parameters.AppliesTo(SampleKinds.All))
    {
    }

    internal static ComponentSpec Spec { get; } = new("NumpyToTensor", []);

    public override DrawnTransform Draw(SampleInfo sample, RandomStream? random) => new Drawn(sample);

    private sealed class Drawn(SampleInfo sample) : DrawnIntensity(sample)
    {
        public override bool IsIdle => true;

        public override void Apply(ReadOnlySpan<float> source, Span<float> destination, SampleKinds kind, int channel) =>
            source[..Input.Size.Count].CopyTo(destination);
    }
}
