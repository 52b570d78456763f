using MedSeg.Engine.Runtime;
using MedSeg.Engine.Transforms;

namespace MedSeg.Benchmarks.TransformTable;

/// <summary>The transforms that move voxels. Elastic includes drawing and smoothing its field.</summary>
internal static class SpatialCases
{
    private const double Alpha = 29, Sigma = 4;

    public static IEnumerable<TransformCase> All() =>
    [
        Zoom("Resample 1 → 0.75 mm in plane", TransformCase.Slice, new GridSize(175, 188), 5.8),
        Zoom("Resample 1 → 0.75 mm in plane", TransformCase.Volume, new GridSize(175, 188, 16), 83),
        Zoom("Resample 1 → 0.75 mm along all axes", TransformCase.Volume, new GridSize(175, 188, 21), 83),
        Zoom("Cubic zoom 1 → 0.75 mm", TransformCase.Slice, new GridSize(175, 188), double.NaN, order: 3),
        Zoom("Cubic zoom 1 → 0.75 mm along all axes", TransformCase.Volume, new GridSize(175, 188, 21), double.NaN, order: 3),
        Affine("RandomAffine", TransformCase.Slice, [(0, 1)], 1.6),
        Affine("RandomAffine, mean of the three planes", TransformCase.Volume, [(0, 1), (0, 2), (1, 2)], 21),
        Elastic(TransformCase.Slice, 5.4),
        Elastic(TransformCase.Volume, 80),
        Warp(TransformCase.Slice),
        Warp(TransformCase.Volume),
        Both(TransformCase.Slice, 7.0),
        Both(TransformCase.Volume, 101),
    ];

    private static TransformCase Zoom(string name, GridSize from, GridSize to, double reference, int order = 2)
    {
        var source = TransformCase.Image(from);
        var result = new float[to.Count];
        // The weights are made anew each time, as for the first slice of an image.
        return new(
            name, from, to.Count, reference,
            () => SplineResampler.Resample(source, from, result, to, order),
            () => PlainSpatial.Zoom(source, from, result, to, order));
    }

    private static TransformCase Affine(string name, GridSize size, (int, int)[] planes, double reference)
    {
        var source = TransformCase.Image(size);
        var result = new float[size.Count];
        var (stretch, shift) = size.D == 1 ? (1, 0) : (1.03, 1);
        var steps = Array.ConvertAll(planes, axes => AffineStep.Of(size, 0.1, axes, [1.07, 0.95, stretch], [3, -4, shift]));
        return new(
            name, size, size.Count, reference,
            () => Array.ForEach(steps, step => AffineResampler.Resample(source, size, step, result)),
            () => Array.ForEach(steps, step => PlainSpatial.Affine(source, size, step, result))) { Times = steps.Length };
    }

    private static TransformCase Elastic(GridSize size, double reference)
    {
        var source = TransformCase.Image(size);
        var result = new float[size.Count];
        var random = new RandomStream(1);
        return new(
            "ElasticTransform", size, size.Count, reference,
            () =>
            {
                var field = ElasticField.Draw(size, Alpha, Sigma, random);
                field.Warp(source, null, result);
                field.Release();
            },
            () => PlainSpatial.Warp(source, size, PlainSpatial.Field(size, Alpha, Sigma, random), result));
    }

    private static TransformCase Warp(GridSize size)
    {
        var source = TransformCase.Image(size);
        var result = new float[size.Count];
        var field = ElasticField.Draw(size, Alpha, Sigma, new RandomStream(1));
        var plainField = PlainSpatial.Field(size, Alpha, Sigma, new RandomStream(1));
        return new(
            "ElasticTransform, each further plane", size, size.Count, double.NaN,
            () => field.Warp(source, null, result),
            () => PlainSpatial.Warp(source, size, plainField, result));
    }

    private static TransformCase Both(GridSize size, double reference)
    {
        var source = TransformCase.Image(size);
        var result = new float[size.Count];
        var between = new float[size.Count];
        var random = new RandomStream(1);
        var step = AffineStep.Of(size, 0.1, (0, 1), [1.07, 0.95, 1], [3, -4, 0]);
        return new(
            "RandomAffine and ElasticTransform in one interpolation", size, size.Count, reference,
            () =>
            {
                var field = ElasticField.Draw(size, Alpha, Sigma, random);
                field.Warp(source, step, result);
                field.Release();
            },
            () =>
            {
                PlainSpatial.Affine(source, size, step, between);
                PlainSpatial.Warp(between, size, PlainSpatial.Field(size, Alpha, Sigma, random), result);
            });
    }
}
