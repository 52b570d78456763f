namespace MedSeg.Engine.Bids;

/// <summary>
/// Rows of samples.tsv by participant and sample: sample names count within their participant. Only where the table has no column
/// participant_id are they taken as unique; a row without a participant in a table that has the column belongs to nobody.
/// </summary>
internal sealed class SampleIndex
{
    private const string ParticipantColumn = "participant_id";

    private readonly Dictionary<(string? Participant, string Sample), BidsParticipant> _rows = [];

    public SampleIndex(IEnumerable<BidsParticipant> rows)
    {
        foreach (var row in rows)
        {
            if (!row.Columns.TryGetValue(ParticipantColumn, out var participant) || participant is not null)
                _rows.TryAdd((Prefixed("sub-", participant), row.Id), row);
        }
    }

    /// <summary>The row of a participant's sample, or null.</summary>
    /// <param name="subject">With its prefix.</param>
    /// <param name="sample">With or without its prefix; null finds nothing.</param>
    public BidsParticipant? Find(string subject, string? sample) => Prefixed("sample-", sample) is { } id
        ? _rows.GetValueOrDefault((subject, id)) ?? _rows.GetValueOrDefault((null, id))
        : null;

    private static string? Prefixed(string prefix, string? id) =>
        id is null || id.StartsWith(prefix, StringComparison.Ordinal) ? id : prefix + id;
}
