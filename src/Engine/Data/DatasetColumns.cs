using System.Globalization;

namespace MedSeg.Engine.Data;

/// <summary>
/// Finds the value of a column for an image: participant_id, sample_id and session_id from its name, other columns in
/// samples.tsv, then participants.tsv, then the JSON sidecar. Sample names count within their participant; only where samples.tsv has
/// no column participant_id are they taken as unique.
/// </summary>
internal sealed class DatasetColumns(BidsDataset dataset)
{
    private readonly Dictionary<string, BidsParticipant> _participants = ById(dataset.Participants);
    private readonly Dictionary<(string? Participant, string Sample), BidsParticipant> _samples = BySample(dataset.Samples);

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
        if (Prefixed("sample-", image.Sample) is { } sample
            && (_samples.GetValueOrDefault((image.Subject, sample)) ?? _samples.GetValueOrDefault((null, sample)))
                ?.Columns.GetValueOrDefault(column) is { } own)
        {
            return own;
        }

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

    /// <summary>A row without a participant in a table that has the column belongs to nobody.</summary>
    private static Dictionary<(string? Participant, string Sample), BidsParticipant> BySample(IReadOnlyList<BidsParticipant> rows)
    {
        var bySample = new Dictionary<(string? Participant, string Sample), BidsParticipant>();
        foreach (var row in rows)
        {
            if (!row.Columns.TryGetValue("participant_id", out var participant) || participant is not null)
                bySample.TryAdd((Prefixed("sub-", participant), row.Id), row);
        }

        return bySample;
    }

    private static Dictionary<string, BidsParticipant> ById(IReadOnlyList<BidsParticipant> rows)
    {
        var byId = new Dictionary<string, BidsParticipant>(StringComparer.Ordinal);
        foreach (var row in rows)
            byId.TryAdd(row.Id, row);
        return byId;
    }
}
