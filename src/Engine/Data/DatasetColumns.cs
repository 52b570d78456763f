using System.Globalization;

namespace MedSeg.Engine.Data;

/// <summary>
/// Finds the value of a column for an image: participant_id, sample_id and session_id from its name, other columns in
/// samples.tsv, then participants.tsv, then the JSON sidecar.
/// </summary>
internal sealed class DatasetColumns(BidsDataset dataset)
{
    private readonly Dictionary<string, BidsParticipant> _participants = ById(dataset.Participants);
    private readonly Dictionary<string, BidsParticipant> _samples = ById(dataset.Samples);

    /// <summary>The value, or null where the image has none.</summary>
    public string? Value(BidsImage image, string column) => column switch
    {
        "participant_id" => image.Subject,
        "sample_id" => Prefixed("sample-", image.Sample),
        "session_id" => Prefixed("ses-", image.Session),
        _ => InTables(image, column) ?? InMetadata(image, column),
    };

    private string? InTables(BidsImage image, string column)
    {
        if (Prefixed("sample-", image.Sample) is { } sample && _samples.GetValueOrDefault(sample)?.Columns.GetValueOrDefault(column) is { } own)
            return own;
        return _participants.GetValueOrDefault(image.Subject)?.Columns.GetValueOrDefault(column);
    }

    private static string? InMetadata(BidsImage image, string column) => image.Metadata.GetValueOrDefault(column) switch
    {
        string text => text,
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => null,
    };

    private static string? Prefixed(string prefix, string? id) =>
        id is null || id.StartsWith(prefix, StringComparison.Ordinal) ? id : prefix + id;

    private static Dictionary<string, BidsParticipant> ById(IReadOnlyList<BidsParticipant> rows)
    {
        var byId = new Dictionary<string, BidsParticipant>(StringComparer.Ordinal);
        foreach (var row in rows)
            byId.TryAdd(row.Id, row);
        return byId;
    }
}
