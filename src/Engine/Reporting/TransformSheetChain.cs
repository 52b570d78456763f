using System.Globalization;
using System.Numerics.Tensors;
using MedSeg.Engine.Runtime;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Reporting;

/// <summary>What a tile shows. Of volumes it keeps the middle slice only, so that a long chain takes no more memory than a short one.</summary>
/// <param name="Sample">The slice that is shown.</param>
/// <param name="Size">Grid of the whole sample.</param>
/// <param name="Range">Lowest and highest gray value of the whole sample.</param>
/// <param name="Step">What was done last; null for the sample as it was read.</param>
/// <param name="Words">The parameters for the caption.</param>
internal sealed record TransformSheetTile(
    TransformSheetSample Sample, GridSize Size, (float Low, float High) Range, SegTransformStep? Step, IReadOnlyList<string> Words)
{
    public static TransformSheetTile Of(TransformSheetSample sample, SegTransformStep? step, IReadOnlyList<string> words) => new(
        sample.Middle(), sample.Info.Size, (TensorPrimitives.Min<float>(sample.Image), TensorPrimitives.Max<float>(sample.Image)), step, words);
}

/// <summary>Runs one sample through the chain as training does: load stage, then access stage, each transform drawn once.</summary>
internal static class TransformSheetChain
{
    /// <summary>Numbers of one parameter that are written out.</summary>
    private const int MostValues = 6;

    /// <summary>The sample as it was read, then after each transform.</summary>
    /// <param name="sample">As read.</param>
    /// <param name="pipeline">Of the part that is shown.</param>
    /// <param name="config">For the parameters of transforms that draw none.</param>
    /// <param name="row">Number of the sample, from 1.</param>
    /// <param name="slice">Index of its slice; null for volumes.</param>
    /// <param name="random">Its random numbers.</param>
    public static IReadOnlyList<TransformSheetTile> Run(
        TransformSheetSample sample, TransformPipeline pipeline, SegConfig config, int row, int? slice, RandomStream random)
    {
        var tiles = new List<TransformSheetTile> { TransformSheetTile.Of(sample, null, []) };
        foreach (var (transform, stage) in Stages(pipeline))
        {
            if (transform.UsesRoi && sample.Roi is { } roi)
                sample = sample with { Info = sample.Info with { RoiCentre = RoiCrop.CentreOf(roi, sample.Info.Size) } };
            var drawn = transform.Draw(sample.Info, random);
            var after = sample.After(drawn, transform.AppliesTo);
            var described = drawn.Describe();
            var step = new SegTransformStep
            {
                Sample = row,
                Slice = slice,
                Stage = stage,
                Name = transform.Name,
                Changed = !drawn.IsIdle,
                Parameters = described.ToDictionary(p => p.Name, p => (IReadOnlyList<double>)p.Values.ToArray()),
                Size = Axes(after.Info.Size.H, after.Info.Size.W, after.Info.Size.D, slice),
                Spacing = Axes(after.Info.Spacing.H, after.Info.Spacing.W, after.Info.Spacing.D, slice),
            };
            tiles.Add(TransformSheetTile.Of(after, step, Words(drawn, described, config.Transformation.First(t => t.Name == transform.Name))));
            sample = after;
        }

        return tiles;
    }

    private static IEnumerable<(SegTransform Transform, SegTransformStage Stage)> Stages(TransformPipeline pipeline) =>
        pipeline.AtLoad.Select(t => (t, SegTransformStage.Load)).Concat(pipeline.AtAccess.Select(t => (t, SegTransformStage.Access)));

    private static T[] Axes<T>(T h, T w, T d, int? slice) => slice is null ? [h, w, d] : [h, w];

    /// <summary>What was drawn; for a transform that draws nothing, what the configuration says.</summary>
    private static List<string> Words(DrawnTransform drawn, IReadOnlyList<DrawnParameter> described, TransformConfig config)
    {
        if (drawn.IsIdle)
            return ["no change"];
        return described.Count > 0
            ? [.. described.Select(Short)]
            : [.. config.Parameters.Select(p => $"{p.Key} {Text(p.Value)}")];
    }

    private static string Short(DrawnParameter parameter) => parameter.Values.Count <= MostValues
        ? parameter.ToString()
        : $"{parameter with { Values = [.. parameter.Values.Take(MostValues)] }} ... ({parameter.Values.Count})";

    private static string Text(object? value) => value is System.Collections.IEnumerable items and not string
        ? string.Join(' ', items.Cast<object?>().Select(Text))
        : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
