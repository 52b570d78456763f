using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Runtime;
using static TorchSharp.torch;

namespace MedSeg.Engine.Training;

/// <summary>
/// The checkpoints of a run: <c>checkpoint-000007.safetensors</c> with the tensors, then <c>checkpoint-000007.json</c> with the
/// state and the SHA-256 of both. The JSON file is written last, so a checkpoint exists exactly when its JSON file does; the
/// newest two are kept, so that a damaged one does not end a run.
/// </summary>
internal sealed partial class CheckpointStore(string folder, Action<string>? verbose = null)
{
    private const int Kept = 2;
    private const long LargestStateBytes = 1L << 28;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly HashSet<int> _damaged = [];

    /// <summary>Removes a file; null, or why it is still there.</summary>
    internal Func<string, string?> Delete { get; init; } = FileRetry.TryDelete;

    /// <summary>The JSON file: the state as text, so that its hash is of what is read.</summary>
    private sealed record Envelope(string TensorsSha256, string StateSha256, string State);

    /// <summary>True when the run can be continued, or at least has files that say it was under way.</summary>
    public bool Any() => Numbers().Count > 0;

    /// <summary>Adds a checkpoint and removes all but the newest two.</summary>
    public void Save(CheckpointState state, IEnumerable<(string Name, Tensor Value)> tensors)
    {
        int number = Numbers() is [.., var newest] ? newest + 1 : 1;
        Safetensors.Write(TensorsPath(number), tensors);
        string text = JsonSerializer.Serialize(state, Json);
        var envelope = new Envelope(Sha256.OfFile(TensorsPath(number)), Sha256.OfText(text), text);
        AtomicFile.WriteAllText(StatePath(number), JsonSerializer.Serialize(envelope, Json));
        RemoveOld();
    }

    /// <summary>The newest checkpoint that is whole; damaged ones are skipped with a warning. Null when there are none.</summary>
    /// <exception cref="SegException"><c>CheckpointDamaged</c> when there are some and none is whole.</exception>
    public Checkpoint? Latest(Action<string> warn)
    {
        string? lastProblem = null;
        foreach (int number in Numbers().Reverse())
        {
            try
            {
                return Read(number);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or SegException or FormatException)
            {
                _damaged.Add(number);
                lastProblem = $"Checkpoint '{StatePath(number)}' is damaged ({e.Message})";
                warn(lastProblem + "; the one before it is used.");
            }
        }

        if (lastProblem is null) return null;
        throw new SegException("CheckpointDamaged", SegErrorKind.InvalidData, $"{lastProblem}, and no other is whole.",
            "Restore the checkpoints folder from a backup, or start a new run in another folder.", folder);
    }

    private Checkpoint Read(int number)
    {
        if (new FileInfo(StatePath(number)).Length > LargestStateBytes) throw new FormatException("the JSON file is too large");
        Envelope envelope = JsonSerializer.Deserialize<Envelope>(File.ReadAllText(StatePath(number)), Json)
            ?? throw new FormatException("the JSON file is empty");
        if (envelope.State is null || Sha256.OfText(envelope.State) != envelope.StateSha256) throw new FormatException("the hash of the state differs");
        if (Sha256.OfFile(TensorsPath(number)) != envelope.TensorsSha256) throw new FormatException("the hash of the tensors differs");
        CheckpointState state = JsonSerializer.Deserialize<CheckpointState>(envelope.State, Json)
            ?? throw new FormatException("the state is empty");
        if (state.Format != CheckpointState.CurrentFormat)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture,
                $"its format is {state.Format}, this version reads {CheckpointState.CurrentFormat}"));
        }

        return new Checkpoint(state, Safetensors.Read(TensorsPath(number)));
    }

    /// <summary>
    /// Keeps the newest whole ones; what a killed process left unfinished goes too. The new checkpoint is safe by now, so a file
    /// that cannot be removed is tried again after the next one and never ends the training.
    /// </summary>
    private void RemoveOld()
    {
        HashSet<int> kept = [.. Numbers().Where(n => !_damaged.Contains(n)).TakeLast(Kept)];
        foreach (string file in Directory.GetFiles(folder))
        {
            bool old = NumberOf(file) is { } number ? !kept.Contains(number) : file.EndsWith(".tmp", StringComparison.Ordinal);
            if (old && Delete(file) is { } reason) verbose?.Invoke($"The old checkpoint file '{file}' could not be removed yet: {reason}");
        }
    }

    /// <summary>Numbers of the checkpoints in ascending order.</summary>
    private IReadOnlyList<int> Numbers() =>
        Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*.json").Select(NumberOf).OfType<int>().Order()]
            : [];

    private static int? NumberOf(string path) =>
        NamePattern().Match(Path.GetFileName(path)) is { Success: true } match
            && int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    private string TensorsPath(int number) => PathOf(number, "safetensors");

    private string StatePath(int number) => PathOf(number, "json");

    private string PathOf(int number, string extension) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"checkpoint-{number:D6}.{extension}"));

    [GeneratedRegex(@"^checkpoint-(\d{6,9})\.(json|safetensors)$")]
    private static partial Regex NamePattern();
}
