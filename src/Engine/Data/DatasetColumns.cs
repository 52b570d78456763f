using System.Globalization;
using MedSeg.Engine.Bids;

namespace MedSeg.Engine.Data;

/// <summary>
/// Finds the value of a column for an image: participant_id, sample_id and session_id from its name; other columns in the dataset's
/// tables (<see cref="BidsImage.Columns"/>), then the JSON sidecar, then what its name says (session, acquisition, suffix …). What the
/// tables of the image's own root leave open, those of the other roots may answer: one id is one participant.
/// </summary>
internal sealed class DatasetColumns(BidsDataset dataset)
{
    private readonly Dictionary<string, BidsParticipant> _participants = ById(dataset.Participants);
    private readonly SampleIndex _samples = new(dataset.Samples);

    /// <summary>The value, or null where the image has none.</summary>
    public string? Value(BidsImage image, string column) => column switch
    {
        "participant_id" => image.Subject,
        "sample_id" => Prefixed("sample-", image.Sample),
        "session_id" => Prefixed("ses-", image.Session),
        _ => InTables(image, column) ?? InMetadata(image, column) ?? NameColumns.Value(image, column),
    };

    /// <summary>As <see cref="Value"/>, from the dataset's tables alone.</summary>
    public string? InTables(BidsImage image, string column) =>
        image.Columns.GetValueOrDefault(column)
        ?? _samples.Find(image.Subject, image.Sample)?.Columns.GetValueOrDefault(column)
        ?? _participants.GetValueOrDefault(image.Subject)?.Columns.GetValueOrDefault(column);

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
