using System.Numerics.Tensors;

namespace MedSeg.Engine.Data.Sampling;

/// <summary>What <c>training_parameters.balance_samples.type</c> balances by.</summary>
internal static class SampleLabels
{
    /// <summary>The type that takes the ground truth.</summary>
    public const string GroundTruth = "gt";

    private const string NoValue = "n/a";

    /// <summary>
    /// The set of classes in a sample, one character per class: with one class samples with and without it are balanced, with
    /// several every combination that occurs is a label of its own.
    /// </summary>
    /// <param name="target">K·count values of the ground truth, before random transforms.</param>
    /// <param name="count">Voxels of a sample.</param>
    /// <param name="soft">Fractions below one half count too.</param>
    public static string OfTarget(ReadOnlySpan<float> target, int count, bool soft)
    {
        var label = new char[target.Length / count];
        for (var k = 0; k < label.Length; k++)
            label[k] = Occurs(target.Slice(k * count, count), soft) ? '1' : '0';
        return new string(label);
    }

    /// <summary>The value of a metadata column for each sample; samples without one share a label.</summary>
    /// <param name="images">The reference image of each sample.</param>
    /// <param name="column">As for <c>split_method</c>: a column of the dataset's tables, a key of the JSON sidecars, or part of the name.</param>
    /// <param name="warn">Told how many samples have no value.</param>
    /// <exception cref="SegException"><c>BalanceColumnMissing</c>: no sample has a value.</exception>
    public static string[] OfColumn(IReadOnlyList<BidsImage> images, DatasetColumns columns, string column, Action<string>? warn)
    {
        const string Key = "training_parameters.balance_samples.type";
        var values = new Dictionary<BidsImage, string?>(ReferenceEqualityComparer.Instance);
        foreach (var image in images)
        {
            if (!values.ContainsKey(image))
                values[image] = columns.Value(image, column);
        }

        var without = values.Where(pair => pair.Value is null).Select(pair => pair.Key.RelativePath).Order(StringComparer.Ordinal).ToList();
        if (without.Count == values.Count)
        {
            throw new SegException(
                "BalanceColumnMissing", SegErrorKind.InvalidArgument, $"{Key}: no training image has a value of '{column}'.",
                "Give gt, a column of participants.tsv, sessions.tsv, scans.tsv or samples.tsv, or a key of the JSON sidecars.", Key);
        }

        if (without.Count > 0)
            warn?.Invoke($"{Key}: {without.Count} of {values.Count} images have no {column} and count as one group (first: {without[0]}).");
        return [.. images.Select(image => values[image] ?? NoValue)];
    }

    private static bool Occurs(ReadOnlySpan<float> plane, bool soft) =>
        soft ? plane.ContainsAnyExcept(0f) : TensorPrimitives.Max(plane) >= 0.5f;
}
