using System.Buffers;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Transforms;

/// <summary>Names of the three parts of a dataset in <c>dataset_type</c>.</summary>
public static class DatasetParts
{
    public const string Training = "training";

    public const string Validation = "validation";

    public const string Testing = "testing";

    /// <summary>The argument if it is a part.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static string Check(string part) => part is Training or Validation or Testing
        ? part
        : throw new ArgumentException($"'{part}' is none of training, validation, testing.", nameof(part));
}

/// <summary>
/// The transforms of one part of a dataset in two stages: <see cref="AtLoad"/> runs once when an image is loaded, and
/// <see cref="AtAccess"/> each time a sample is taken. Within a stage the order is that of the configuration.
/// </summary>
/// <remarks>
/// Deterministic intensity transforms run in every part that lists them; random transforms are left out of testing, where a
/// prediction must not depend on chance.
/// </remarks>
public sealed class TransformPipeline
{
    private TransformPipeline(IReadOnlyList<SegTransform> atLoad, IReadOnlyList<SegTransform> atAccess) =>
        (AtLoad, AtAccess) = (atLoad, atAccess);

    public IReadOnlyList<SegTransform> AtLoad { get; }

    public IReadOnlyList<SegTransform> AtAccess { get; }

    /// <summary>Makes the pipeline of a part: training, validation or testing.</summary>
    /// <exception cref="SegException">A transform is unknown, not supported yet, or has a wrong parameter.</exception>
    public static TransformPipeline Create(SegConfig config, string part)
    {
        ArgumentNullException.ThrowIfNull(config);
        DatasetParts.Check(part);
        var transforms = config.Transformation
            .Where(t => t.DatasetType.Length == 0 || t.DatasetType.Contains(part))
            .Select(TransformRegistry.Create)
            .Where(t => !(t.IsRandom && part == DatasetParts.Testing))
            .ToList();
        return new([.. transforms.Where(t => t.AtLoad)], [.. transforms.Where(t => !t.AtLoad)]);
    }

    /// <summary>
    /// A load-time transform places itself by the region of interest. Where a sample has no region it takes the middle of the
    /// image, and the user is to be warned.
    /// </summary>
    public bool UsesRoi => AtLoad.Any(t => t.UsesRoi);

    /// <summary>Draws one stage for a sample whose region of interest, if any, is described by the sample itself.</summary>
    /// <param name="random">May be null when no transform of the stage is random.</param>
    public static DrawnPipeline Draw(IReadOnlyList<SegTransform> stage, SampleInfo sample, RandomStream? random) =>
        Draw(stage, sample, random, []);

    /// <summary>
    /// Draws one stage for a sample. Transforms that place themselves by the region of interest see it as the steps before them
    /// have left it.
    /// </summary>
    /// <param name="random">May be null when no transform of the stage is random.</param>
    /// <param name="roi">sample.Size.Count values, 0 outside the region; empty when the sample has none.</param>
    public static DrawnPipeline Draw(IReadOnlyList<SegTransform> stage, SampleInfo sample, RandomStream? random, ReadOnlySpan<float> roi)
    {
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentNullException.ThrowIfNull(sample);
        var steps = new List<DrawnStep>(stage.Count);
        var current = sample;
        foreach (var transform in stage)
        {
            if (transform.UsesRoi && !roi.IsEmpty)
                current = current with { RoiCentre = Centre(new DrawnPipeline(sample, current, steps), roi) };
            var drawn = transform.Draw(current, random);
            current = drawn.Output;
            Add(steps, new DrawnStep(drawn, transform.AppliesTo));
        }

        return new DrawnPipeline(sample, current, steps);
    }

    /// <summary>Leaves out what changes nothing, and merges steps that one interpolation can do.</summary>
    private static void Add(List<DrawnStep> steps, DrawnStep step)
    {
        if (step.Transform.IsIdle)
            return;
        if (steps.Count > 0 && steps[^1].AppliesTo == step.AppliesTo && step.Transform.MergedAfter(steps[^1].Transform) is { } merged)
            steps[^1] = step with { Transform = merged };
        else
            steps.Add(step);
    }

    private static (double H, double W, double D)? Centre(DrawnPipeline before, ReadOnlySpan<float> roi)
    {
        var moved = ArrayPool<float>.Shared.Rent(before.Output.Size.Count);
        before.Apply(roi, moved, SampleKinds.Roi);
        var centre = RoiCrop.CentreOf(moved, before.Output.Size);
        ArrayPool<float>.Shared.Return(moved);
        return centre;
    }
}

/// <summary>
/// What was drawn for one sample, in the order in which it is applied; the same record is applied to every plane and undone
/// in reverse. Safe to use from several threads.
/// </summary>
public sealed class DrawnPipeline
{
    private readonly List<DrawnStep> _steps;

    internal DrawnPipeline(SampleInfo input, SampleInfo output, List<DrawnStep> steps) => (Input, Output, _steps) = (input, output, steps);

    /// <summary>The sample before the first step.</summary>
    public SampleInfo Input { get; }

    /// <summary>The sample after the last step.</summary>
    public SampleInfo Output { get; }

    /// <summary>Applies the steps to one plane.</summary>
    /// <param name="source">Input.Size.Count values.</param>
    /// <param name="destination">Output.Size.Count values; must not overlap the source.</param>
    /// <param name="kind">Image, Label or Roi.</param>
    /// <param name="channel">Index of the channel or class.</param>
    public void Apply(ReadOnlySpan<float> source, Span<float> destination, SampleKinds kind, int channel = 0)
    {
        source = source[..Input.Size.Count];
        destination = destination[..Output.Size.Count];
        var left = Count(kind);
        if (left == 0)
            source.CopyTo(destination);
        float[]? held = null;
        foreach (var step in _steps)
        {
            if ((step.AppliesTo & kind) == 0)
                continue;
            var buffer = --left == 0 ? null : ArrayPool<float>.Shared.Rent(step.Transform.Output.Size.Count);
            var target = buffer is null ? destination : buffer.AsSpan(0, step.Transform.Output.Size.Count);
            step.Transform.Apply(source, target, kind, channel);
            source = target;
            Exchange(ref held, buffer);
        }
    }

    /// <summary>Maps one plane of a prediction back to the grid before the first step.</summary>
    /// <param name="source">Output.Size.Count probabilities.</param>
    /// <param name="destination">Input.Size.Count values; must not overlap the source.</param>
    /// <exception cref="NotSupportedException">A step has no inverse.</exception>
    public void Undo(ReadOnlySpan<float> source, Span<float> destination)
    {
        source = source[..Output.Size.Count];
        destination = destination[..Input.Size.Count];
        var left = Count(SampleKinds.Label);
        if (left == 0)
            source.CopyTo(destination);
        float[]? held = null;
        for (var i = _steps.Count - 1; i >= 0; i--)
        {
            var step = _steps[i];
            if ((step.AppliesTo & SampleKinds.Label) == 0)
                continue;
            var buffer = --left == 0 ? null : ArrayPool<float>.Shared.Rent(step.Transform.Input.Size.Count);
            var target = buffer is null ? destination : buffer.AsSpan(0, step.Transform.Input.Size.Count);
            step.Transform.Undo(source, target);
            source = target;
            Exchange(ref held, buffer);
        }
    }

    /// <summary>Gives the memory of drawn fields back for the next sample; the pipeline must not be used afterwards.</summary>
    public void Release()
    {
        foreach (var step in _steps)
            step.Transform.Release();
    }

    private int Count(SampleKinds kind)
    {
        var count = 0;
        foreach (var step in _steps)
            count += (step.AppliesTo & kind) != 0 ? 1 : 0;
        return count;
    }

    private static void Exchange(ref float[]? held, float[]? buffer)
    {
        if (held is not null)
            ArrayPool<float>.Shared.Return(held);
        held = buffer;
    }
}

/// <summary>A drawn transform and the planes that it touches.</summary>
internal readonly record struct DrawnStep(DrawnTransform Transform, SampleKinds AppliesTo);
