using System.Text.Json;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Bids.Checks;

/// <summary>Keys that a JSON file has twice in one object: most readers take the last silently, some the first.</summary>
internal sealed class JsonKeyCheck : IBidsCheck
{
    public static readonly FindingKind DuplicateKey = new(
        "DuplicateKey", FindingSeverity.Warning, "Keep one of the two; here the last is used, other tools may take the first.");

    public IReadOnlyList<FindingKind> Kinds { get; } = [DuplicateKey];

    public IEnumerable<BidsFinding> OfRoot(RootView root, CancellationToken ct)
    {
        foreach (var file in root.AllFiles.Where(f => f.Name.EndsWith(".json", StringComparison.OrdinalIgnoreCase)))
        {
            ct.ThrowIfCancellationRequested();
            var path = BidsTree.FullPath(root.Root, file.RelativePath);
            foreach (var (key, line) in Duplicates(path))
                yield return DuplicateKey.At(path, $"{file.RelativePath} line {line} has the key '{key}' again.");
        }
    }

    /// <summary>What can't be read as JSON is the import's to report.</summary>
    private static List<(string Key, int Line)> Duplicates(string path)
    {
        var found = new List<(string, int)>();
        try
        {
            ReadOnlySpan<byte> bytes = BoundedFile.ReadAllBytes(path, SafeJson.MaximumBytes);
            Collect(bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? bytes[3..] : bytes, found);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            found.Clear();
        }

        return found;
    }

    private static void Collect(ReadOnlySpan<byte> bytes, List<(string Key, int Line)> found)
    {
        var reader = new Utf8JsonReader(
            bytes,
            new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = SafeJson.MaximumDepth });
        var objects = new Stack<HashSet<string>>();
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.StartObject)
                objects.Push(new HashSet<string>(StringComparer.Ordinal));
            else if (reader.TokenType == JsonTokenType.EndObject)
                objects.Pop();
            else if (reader.TokenType == JsonTokenType.PropertyName && reader.GetString() is { } key && !objects.Peek().Add(key))
                found.Add((key, 1 + bytes[..(int)reader.TokenStartIndex].Count((byte)'\n')));
        }
    }
}
