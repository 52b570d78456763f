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

    /// <summary>The split of a file; names of files become their participants.</summary>
    public static SegSplit Load(string path) => Load(path, "participant_id", name => name.Split('_')[0]);

    /// <summary>Loads a split and checks that it belongs to the dataset.</summary>
    /// <param name="method">The column of lists that name none, as those of the reference toolbox.</param>
    public static SegSplit LoadFor(string path, BidsDataset dataset, IReadOnlyList<BidsImage> images, string method, Action<string>? warn)
    {
        var columns = new DatasetColumns(dataset);
        var unitOfFile = new Lazy<Dictionary<string, string?>>(() => images
            .DistinctBy(image => Path.GetFileName(image.Path), StringComparer.Ordinal)
            .ToDictionary(image => Path.GetFileName(image.Path), image => columns.Value(image, method), StringComparer.Ordinal));
        var split = Load(path, method, name => unitOfFile.Value.GetValueOrDefault(name) ?? name.Split('_')[0]);
        var present = images.Select(image => columns.Value(image, split.Method)).OfType<string>().ToHashSet(StringComparer.Ordinal);
        if (!split.Training.Any(present.Contains))
            throw Invalid(path, $"none of its training values of {split.Method} is in {dataset.Name}");
        var listed = split.Training.Concat(split.Validation).Concat(split.Test).ToHashSet(StringComparer.Ordinal);
        if (listed.Except(present).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } absent)
            warn?.Invoke($"{path} lists {NameList.Of(absent)}, which the dataset does not have.");
        if (present.Except(listed).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } unused)
            warn?.Invoke($"{path} does not list {NameList.Of(unused)}; they are not used.");
        return split;
    }

    private static SegSplit Load(string path, string method, Func<string, string> unitOfFile)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var content = Read(path);
        if (content.Lists.Any(list => list.Any(string.IsNullOrWhiteSpace)))
            throw Invalid(path, "a name is empty");
        if (content.Method is { } named && string.IsNullOrWhiteSpace(named))
            throw Invalid(path, "its method is empty");
        string[] Units(string[]? items, string[]? older) =>
            [.. (items ?? older ?? []).Select(item => IsFile(item) ? unitOfFile(item) : item).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var split = new SegSplit(
            content.Method ?? method,
            content.Seed,
            Units(content.Training, content.Train),
            Units(content.Validation, content.Valid),
            Units(content.Test, null));
        if (content is { Training: null, Train: null })
            throw Invalid(path, "it has no training list");
        var all = split.Training.Concat(split.Validation).Concat(split.Test).ToList();
        if (all.Count == 0)
            throw Invalid(path, "its lists are empty");
        var twice = all.GroupBy(unit => unit, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        return twice is null ? split : throw Invalid(path, $"'{twice.Key}' is in more than one list");
    }

    /// <summary>The reference toolbox lists file names; ids have no underscore.</summary>
    private static bool IsFile(string item) =>
        item.StartsWith("sub-", StringComparison.Ordinal) && item.Contains('_', StringComparison.Ordinal);

    private static Content Read(string path)
    {
        try
        {
            var bytes = BoundedFile.ReadAllBytes(path, LargestFile);
            if (IsPickle(path, bytes))
                throw Pickle(path);
            return JsonSerializer.Deserialize<Content>(TextOf(bytes), Options) ?? throw Invalid(path, "it is empty");
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

    /// <summary>UTF-8, or what the byte order mark says: a redirection in Windows PowerShell writes UTF-16.</summary>
    private static string TextOf(byte[] bytes)
    {
        using var reader = new StreamReader(new MemoryStream(bytes));
        return reader.ReadToEnd();
    }

    /// <summary>Pickles of protocol 2 and later begin with 0x80, joblib's compressed ones with the mark of zlib, gzip or LZ4.</summary>
    private static bool IsPickle(string path, ReadOnlySpan<byte> bytes) =>
        Path.GetExtension(path).ToUpperInvariant() is ".JOBLIB" or ".PKL" or ".PICKLE"
        || bytes is [0x80, <= 5, ..] or [0x78, 0x01 or 0x9C or 0xDA, ..] or [0x1F, 0x8B, ..] or [0x04, 0x22, 0x4D, 0x18, ..];

    private static SegException Pickle(string path) => new(
        "SplitFileIsPickle", SegErrorKind.InvalidData,
        $"The split file '{path}' is a Python pickle, which is a program: reading it would run whatever it holds.",
        "Convert it once, in the Python environment that wrote it, and name the JSON file in split_dataset.fname_split:\n"
        + "  import json, joblib\n"
        + $"  json.dump(joblib.load({PythonText(path)}), open({PythonText(Path.ChangeExtension(path, ".json"))}, 'w'), default=list)",
        path);

    private static string PythonText(string text) =>
        $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    private static SegException Invalid(string path, string what, Exception? inner = null) => new(
        "SplitFileInvalid", SegErrorKind.InvalidData, $"The split file '{path}' cannot be used: {what}.",
        "Give a JSON object with the lists training, validation and test, no name in two of them.", path, inner);

    private sealed class Content
    {
        [JsonIgnore]
        public IEnumerable<string?[]> Lists => new[] { Training, Validation, Test, Train, Valid }.OfType<string[]>();

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
