using System.Text.Json;

namespace MedSeg.Engine.Runtime;

/// <summary>Reads JSON objects that came from elsewhere into plain values, with limits on size and depth.</summary>
internal static class SafeJson
{
    internal const long MaximumBytes = 4L << 20;
    internal const int MaximumDepth = 32;

    private static readonly JsonDocumentOptions Options = new()
    {
        MaxDepth = MaximumDepth,
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    /// <summary>
    /// The object in a file: string, bool, double, null, object?[] or nested dictionary. Null when the file can't be read, is too
    /// large or too deep, is not JSON or not an object.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="problem">What is wrong, to follow the file's name; empty when nothing is.</param>
    public static IReadOnlyDictionary<string, object?>? ReadObject(string path, out string problem)
    {
        problem = "";
        try
        {
            ReadOnlyMemory<byte> bytes = BoundedFile.ReadAllBytes(path, MaximumBytes);
            if (bytes.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
                bytes = bytes[3..];
            using var document = JsonDocument.Parse(bytes, Options);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return ToDictionary(document.RootElement);
            problem = $"holds a JSON {document.RootElement.ValueKind} where an object is expected.";
        }
        catch (JsonException e)
        {
            problem = $"is not valid JSON (line {e.LineNumber + 1}): {e.Message}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            problem = $"can't be read: {e.Message}";
        }

        return null;
    }

    private static Dictionary<string, object?> ToDictionary(JsonElement element)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
            values[property.Name] = ToValue(property.Value);
        return values;
    }

    private static object? ToValue(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Array => element.EnumerateArray().Select(ToValue).ToArray(),
        JsonValueKind.Object => ToDictionary(element),
        _ => null,
    };
}
