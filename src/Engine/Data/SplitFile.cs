using System.Text.Json;
using System.Text.Json.Serialization;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Data;

/// <summary>A split as a JSON file.</summary>
internal static class SplitFile
{
    private const long LargestFile = 64L << 20;

    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        AllowTrailingCommas = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
    };

    public static void Save(SegSplit split, string path)
    {
        ArgumentNullException.ThrowIfNull(split);
        var content = new Content
        {
            Method = split.Method,
            Seed = split.Seed,
            Training = [.. split.Training],
            Validation = [.. split.Validation],
            Test = [.. split.Test],
        };
        AtomicFile.WriteAllText(path, JsonSerializer.Serialize(content, Options) + "\n");
    }

    public static SegSplit Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var content = Read(path);
        var split = new SegSplit(
            content.Method ?? "participant_id",
            content.Seed,
            Units(content.Training ?? content.Train),
            Units(content.Validation ?? content.Valid),
            Units(content.Test));
        Check(split, path);
        return split;
    }

    /// <summary>Loads a split and checks that it belongs to the dataset.</summary>
    public static SegSplit LoadFor(string path, BidsDataset dataset, IReadOnlyList<BidsImage> images, Action<string>? warn)
    {
        var split = Load(path);
        var columns = new DatasetColumns(dataset);
        var present = images.Select(image => columns.Value(image, split.Method)).OfType<string>().ToHashSet(StringComparer.Ordinal);
        if (!split.Training.Any(present.Contains))
            throw Invalid(path, $"none of its training values of {split.Method} is in {dataset.Name}");
        var listed = split.Training.Concat(split.Validation).Concat(split.Test).ToHashSet(StringComparer.Ordinal);
        if (listed.Except(present).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } absent)
            warn?.Invoke($"{path} lists {string.Join(", ", absent)}, which the dataset does not have.");
        if (present.Except(listed).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } unused)
            warn?.Invoke($"{path} does not list {string.Join(", ", unused)}; they are not used.");
        return split;
    }

    private static Content Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > LargestFile)
                throw Invalid(path, "it is larger than any split can be");
            return JsonSerializer.Deserialize<Content>(File.ReadAllText(path), Options) ?? throw Invalid(path, "it is empty");
        }
        catch (JsonException error)
        {
            throw Invalid(path, $"line {error.LineNumber + 1} is not JSON of a split: {error.Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SegException(
                "SplitFileNotFound", SegErrorKind.NotFound, $"The split file '{path}' could not be read: {error.Message}",
                "Check split_dataset.fname_split.", path, error);
        }
    }

    /// <summary>The reference toolbox lists file names: they become their participants.</summary>
    private static string[] Units(string[]? items) =>
        [.. (items ?? []).Select(Unit).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static string Unit(string item) =>
        item.StartsWith("sub-", StringComparison.Ordinal) && item.Contains('_', StringComparison.Ordinal) ? item[..item.IndexOf('_', StringComparison.Ordinal)] : item;

    private static void Check(SegSplit split, string path)
    {
        if (split.Training.Count == 0)
            throw Invalid(path, "it has no training list");
        var twice = split.Training.Concat(split.Validation).Concat(split.Test).GroupBy(unit => unit).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
            throw Invalid(path, $"'{twice.Key}' is in more than one list");
    }

    private static SegException Invalid(string path, string what, Exception? inner = null) => new(
        "SplitFileInvalid", SegErrorKind.InvalidData, $"The split file '{path}' cannot be used: {what}.",
        "Give a JSON object with the lists training, validation and test, no name in two of them.", path, inner);

    private sealed class Content
    {
        [JsonPropertyName("method")]
        public string? Method { get; set; }

        [JsonPropertyName("seed")]
        public int Seed { get; set; }

        [JsonPropertyName("training")]
        public string[]? Training { get; set; }

        [JsonPropertyName("validation")]
        public string[]? Validation { get; set; }

        [JsonPropertyName("test")]
        public string[]? Test { get; set; }

        // The reference toolbox's names.
        [JsonPropertyName("train")]
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string[]? Train { get; set; }

        [JsonPropertyName("valid")]
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string[]? Valid { get; set; }
    }
}
