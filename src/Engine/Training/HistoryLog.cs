using System.Text;
using System.Text.Json;
using MedSeg.Engine.Packaging;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Training;

/// <summary>
/// The history of a run as JSON lines: one epoch a line, readable while training goes on, and a line for each setting that was changed by
/// force, before the first epoch that has it.
/// </summary>
internal static class HistoryLog
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Replaces the file by these epochs and changes: after a resume it must not hold epochs that will be run again.</summary>
    public static void Replace(string path, IEnumerable<SegEpoch> epochs, IReadOnlyList<TrainingChange>? changes = null)
    {
        IEnumerable<(int Epoch, string Text)> lines = [.. (changes ?? []).Select(c => (c.Epoch, Line(c))), .. epochs.Select(e => (e.Epoch, Line(e)))];
        AtomicFile.WriteAllText(path, string.Concat(lines.OrderBy(line => line.Epoch).Select(line => line.Text)));
    }

    /// <summary>Adds one epoch.</summary>
    public static void Append(string path, SegEpoch epoch)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            stream.Write(Encoding.UTF8.GetBytes(Line(epoch)));
            stream.Flush(flushToDisk: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.ErrorOf(path, e);
        }
    }

    private static string Line(TrainingChange change) => JsonSerializer.Serialize(new { change.Epoch, Changed = change.Difference }, Json) + "\n";

    private static string Line(SegEpoch epoch) => JsonSerializer.Serialize(epoch, Json) + "\n";
}
