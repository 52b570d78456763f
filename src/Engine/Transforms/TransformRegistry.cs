using MedSeg.Engine.Configuration;

namespace MedSeg.Engine.Transforms;

/// <summary>The transforms that a configuration can name. A new one is its own file and one line here.</summary>
public static class TransformRegistry
{
    private static readonly Dictionary<string, (ComponentSpec Spec, Func<TransformParameters, SegTransform> Create)> Known =
        new[]
        {
            (Resample.Spec, (Func<TransformParameters, SegTransform>)(p => new Resample(p))),
            (CenterCrop.Spec, p => new CenterCrop(p)),
            (RoiCrop.Spec, p => new RoiCrop(p)),
            (BoundingBoxCrop.Spec, p => new BoundingBoxCrop(p)),
            (NormalizeInstance.Spec, p => new NormalizeInstance(p)),
            (RandomAffine.Spec, p => new RandomAffine(p)),
            (RandomReverse.Spec, p => new RandomReverse(p)),
            (ElasticTransform.Spec, p => new ElasticTransform(p)),
            (RandomShiftIntensity.Spec, p => new RandomShiftIntensity(p)),
            (AdditiveGaussianNoise.Spec, p => new AdditiveGaussianNoise(p)),
            (DilateGT.Spec, p => new DilateGT(p)),
            (HistogramClipping.Spec, p => new HistogramClipping(p)),
            (Clahe.Spec, p => new Clahe(p)),
            (RandomGamma.Spec, p => new RandomGamma(p)),
            (RandomBiasField.Spec, p => new RandomBiasField(p)),
            (RandomBlur.Spec, p => new RandomBlur(p)),
            (NumpyToTensor.Spec, p => new NumpyToTensor(p)),
        }.ToDictionary(entry => entry.Item1.Name, entry => (entry.Item1, entry.Item2), StringComparer.Ordinal);

    /// <summary>
    /// All transforms. NumpyToTensor is not among them, because it is taken out of configurations when they are read;
    /// <see cref="Create"/> accepts it in those that are made by hand.
    /// </summary>
    public static IReadOnlyList<ComponentSpec> Specs { get; } =
        [.. Known.Values.Select(entry => entry.Spec).Where(spec => spec != NumpyToTensor.Spec)];

    /// <summary>Makes a transform from its configuration.</summary>
    /// <exception cref="SegException"><c>UnknownTransform</c> or <c>TransformParameter</c>.</exception>
    public static SegTransform Create(TransformConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (Known.TryGetValue(config.Name, out var entry))
            return entry.Create(new TransformParameters(config, entry.Spec));
        var key = $"transformation.{config.Name}";
        throw new SegException(
            "UnknownTransform", SegErrorKind.InvalidArgument, $"{key}: there is no such transform.",
            $"Use one of {string.Join(", ", Known.Keys)}.", key);
    }
}
