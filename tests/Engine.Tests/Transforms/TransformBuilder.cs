using MedSeg.Engine.Runtime;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Tests.Transforms;

/// <summary>Short ways to make transforms and to run them on one plane.</summary>
internal static class TransformBuilder
{
    public static SegTransform Create(string name, params (string Key, object? Value)[] parameters) =>
        TransformRegistry.Create(Config(name, parameters));

    public static TransformConfig Config(string name, params (string Key, object? Value)[] parameters) =>
        new(name, parameters.ToDictionary(p => p.Key, p => p.Value));

    public static SampleInfo Sample(GridSize size, double h = 1, double w = 1, double d = 1, int channels = 1) => new(size, (h, w, d), channels);

    public static float[] Apply(this DrawnTransform drawn, float[] source, SampleKinds kind = SampleKinds.Image, int channel = 0)
    {
        var result = new float[drawn.Output.Size.Count];
        drawn.Apply(source, result, kind, channel);
        return result;
    }

    public static float[] Undo(this DrawnTransform drawn, float[] source)
    {
        var result = new float[drawn.Input.Size.Count];
        drawn.Undo(source, result);
        return result;
    }

    public static float[] Ramp(int count) => [.. Enumerable.Range(0, count).Select(i => (float)i)];

    /// <summary>Repeatable numbers from −1 to 1.</summary>
    public static float[] Noise(int count, long seed)
    {
        var random = new RandomStream(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.NextUniform(-1, 1))];
    }

    /// <summary>A plane whose voxels are given by a function of their place.</summary>
    public static float[] Filled(GridSize size, Func<int, int, int, float> value) =>
        [.. Enumerable.Range(0, size.Count).Select(i => value(i / (size.W * size.D), i / size.D % size.W, i % size.D))];

    public static void Near(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance)
    {
        Xunit.Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(expected[i] - actual[i]) <= tolerance))
                Xunit.Assert.Fail($"Element {i} of {expected.Length}: expected {expected[i]:R}, found {actual[i]:R}.");
        }
    }
}
