namespace MedSeg.Engine.Bids.Checks;

/// <summary>
/// Values of participants.tsv that stand for "not known" in another way than the standard's n/a, so that they count as values.
/// </summary>
internal sealed class PlaceholderCheck : IBidsCheck
{
    public static readonly FindingKind PlaceholderValue = new(
        "PlaceholderValue", FindingSeverity.Information,
        "Write n/a for unknown values; a placeholder is a group of its own when splitting or balancing.");

    private static readonly string[] Placeholders =
        ["-", "--", "?", ".", "NA", "NaN", "null", "unknown", "unkown", "unknwon", "missing", "-999", "TODO", "TBD"];

    public IReadOnlyList<FindingKind> Kinds { get; } = [PlaceholderValue];

    /// <summary>True for a word that stands for no value.</summary>
    public static bool IsPlaceholder(string value) => Placeholders.Contains(value.Trim(), StringComparer.OrdinalIgnoreCase);

    public IEnumerable<BidsFinding> OfRoot(RootView root, CancellationToken ct)
    {
        var table = ParticipantRows.Of(root, ct);
        var columns = new List<string>();
        foreach (var column in table.SelectMany(p => p.Columns.Keys).Distinct(StringComparer.Ordinal))
        {
            var values = table.Select(p => p.Columns.GetValueOrDefault(column)).OfType<string>().Where(IsPlaceholder).ToList();
            var words = string.Join(", ", values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(v => $"'{v}'"));
            if (values.Count > 0)
                columns.Add($"{column} has {words} in {values.Count} of {table.Count} rows");
        }

        if (columns.Count > 0)
        {
            yield return PlaceholderValue.At(
                Path.Combine(root.Root, ParticipantRows.FileName),
                $"{ParticipantRows.FileName} writes unknown values otherwise than n/a: {string.Join("; ", columns)}.");
        }
    }
}
