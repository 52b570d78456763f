using MedSeg.Engine.Runtime;
using MedSeg.Engine.Transforms;

namespace MedSeg.Benchmarks.TransformTable;

/// <summary>The transforms of gray values and labels.</summary>
internal static class IntensityCases
{
    public static IEnumerable<TransformCase> All() => new[] { TransformCase.Slice, TransformCase.Volume }.SelectMany(Of);

    private static IEnumerable<TransformCase> Of(GridSize size)
    {
        var isSlice = size.D == 1;
        var (image, label, result) = (TransformCase.Image(size), Cord(size), new float[size.Count]);
        var kernel = new GridSize(8, 8, isSlice ? 1 : 8);
        var random = new RandomStream(1);
        var coefficients = Enumerable.Range(0, BiasField.Terms(3)).Select(_ => random.NextUniform(-0.5, 0.5)).ToArray();
        var field = new float[size.Count];
        return
        [
            new("Clahe, kernel of 8, limit 3", size, size.Count, isSlice ? 5.6 : 54,
                () => LocalEqualizer.Equalize(image, size, kernel, 3, result), () => PlainIntensity.Equalize(image, size, kernel, 3, result)),
            new("Clahe, kernel of 8, limit 0.1", size, size.Count, double.NaN,
                () => LocalEqualizer.Equalize(image, size, kernel, 0.1, result), () => PlainIntensity.Equalize(image, size, kernel, 0.1, result)),
            new("DilateGT, factor 0.3", size, size.Count, isSlice ? 6.3 : 1419,
                () => SoftDilation.Dilate(label, size, 0.3, result), () => PlainIntensity.Dilate(label, size, 0.3, result)),
            new("HistogramClipping", size, size.Count, double.NaN,
                () => HistogramClipping.Clip(image, 5, 95, result), () => PlainIntensity.Clip(image, 5, 95, result)),
            new("NormalizeInstance", size, size.Count, double.NaN,
                () => NormalizeInstance.Normalize(image, result), () => PlainIntensity.Normalize(image, result)),
            new("RandomGamma", size, size.Count, double.NaN,
                () => RandomGamma.Power(image, 1.2, result), () => PlainIntensity.Gamma(image, 1.2, result)),
            new("RandomBlur, 1 voxel", size, size.Count, double.NaN,
                () => RandomBlur.Blur(image, size, 1, result), () => PlainIntensity.Blur(image, size, 1, result)),
            new("RandomBiasField, order 3", size, size.Count, double.NaN,
                () =>
                {
                    BiasField.Fill(size, 3, coefficients, field);
                    System.Numerics.Tensors.TensorPrimitives.Multiply(field, image, result);
                },
                () => PlainIntensity.Bias(image, size, 3, coefficients, result)),
            new("AdditiveGaussianNoise", size, size.Count, double.NaN,
                () =>
                {
                    NormalDeviates.Fill(random, result, 0, 0.01);
                    System.Numerics.Tensors.TensorPrimitives.Add(result, image, result);
                },
                () => PlainIntensity.Noise(image, 0.01, random, result)),
        ];
    }

    /// <summary>A label like a spinal cord: a cylinder of 5 voxels radius along D.</summary>
    private static float[] Cord(GridSize size)
    {
        var label = new float[size.Count];
        for (var i = 0; i < label.Length; i++)
        {
            int h = (i / (size.W * size.D)) - (size.H / 2), w = (i / size.D % size.W) - (size.W / 2);
            label[i] = (h * h) + (w * w) <= 25 ? 1 : 0;
        }

        return label;
    }
}
