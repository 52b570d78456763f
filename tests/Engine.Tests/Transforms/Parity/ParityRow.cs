using System.Globalization;
using System.Text.Json;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Tests.Transforms.Parity;

/// <summary>What one golden case gives and what this engine gives for it.</summary>
internal readonly record struct ParityPair(float[] Expected, float[] Actual)
{
    /// <summary>Largest difference of two voxels over the largest expected magnitude; infinite where the sizes or NaNs differ.</summary>
    public double Difference()
    {
        if (Expected.Length != Actual.Length)
            return double.PositiveInfinity;
        var (largest, magnitude) = (0.0, 0.0);
        for (var i = 0; i < Expected.Length; i++)
        {
            var difference = Math.Abs((double)Expected[i] - Actual[i]);
            largest = difference <= largest ? largest : double.IsNaN(difference) ? double.PositiveInfinity : difference;
            magnitude = Math.Max(magnitude, Math.Abs(Expected[i]));
        }

        return magnitude > 0 ? largest / magnitude : largest;
    }
}

/// <summary>One row of docs/parity.md.</summary>
/// <param name="Transform">The transform, with what is compared where it has several rows.</param>
/// <param name="Function">The function of the golden file.</param>
/// <param name="Tolerance">Largest allowed difference, relative to the largest magnitude of the reference's result.</param>
/// <param name="Note">How the cases are run, and why where the tolerance is not 1e-4 or less.</param>
/// <param name="Run">The pairs of one case; none leaves the case out.</param>
internal sealed record ParityRow(
    string Transform, string Function, double Tolerance, string Note, Func<GoldenCase, IEnumerable<ParityPair>> Run)
{
    /// <summary>Cases with at least one pair, and the largest difference.</summary>
    public (int Cases, double Difference) Measure(Golden golden)
    {
        var pairs = golden.Of(Function).Select(c => Run(c).ToList()).Where(p => p.Count > 0).ToList();
        return (pairs.Count, pairs.SelectMany(p => p).Select(p => p.Difference()).DefaultIfEmpty(double.PositiveInfinity).Max());
    }
}

/// <summary>Short ways to run golden cases.</summary>
internal static class ParityCase
{
    public static GridSize Size(this NpyArray array) => new(array.Shape[0], array.Shape[1], array.Shape.Length > 2 ? array.Shape[2] : 1);

    public static double Parameter(this GoldenCase c, string parameter) => c.Parameters.GetProperty(parameter).GetDouble();

    public static double[] Numbers(this GoldenCase c, string parameter) =>
        [.. c.Parameters.GetProperty(parameter).EnumerateArray().Select(e => e.GetDouble())];

    /// <summary>Parameters of the case as a configuration gives them.</summary>
    public static (string Key, object? Value)[] Settings(this GoldenCase c) => c.Parameters.Settings();

    /// <summary>The members of an object as a configuration gives them.</summary>
    public static (string Key, object? Value)[] Settings(this JsonElement parameters) =>
        [.. parameters.EnumerateObject().Select(p => (p.Name, Value(p.Value)))];

    /// <summary>Compares <c>x</c> run through a plane function with <c>y</c>.</summary>
    public static ParityPair Plane(this GoldenCase c, Action<float[], GridSize, float[]> kernel)
    {
        var x = c.In("x");
        var y = new float[x.Count];
        kernel(x.Floats(), x.Size(), y);
        return new(c.Out("y").Floats(), y);
    }

    /// <summary>Compares <c>x</c> run through a transform that draws nothing with <c>y</c>.</summary>
    public static ParityPair Whole(this GoldenCase c, SampleKinds kind = SampleKinds.Image)
    {
        var x = c.In("x");
        var drawn = TransformBuilder.Create(c.Function, c.Settings()).Draw(TransformBuilder.Sample(x.Size()), null);
        return new(c.Out("y").Floats(), drawn.Apply(x.Floats(), kind));
    }

    private static object? Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.Array => value.EnumerateArray().Select(Value).ToArray(),
        JsonValueKind.String => value.GetString(),
        _ => throw new NotSupportedException(string.Create(CultureInfo.InvariantCulture, $"{value.ValueKind} in a golden parameter.")),
    };
}
