using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MedSeg.Engine.Networks;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Name">Unique name.</param>
/// <param name="Type">F64, F32, F16, BF16, I64, I32, I16, I8, U8 or BOOL.</param>
/// <param name="Shape">Sizes; empty for a scalar.</param>
/// <param name="Begin">First byte, counted from the end of the header.</param>
/// <param name="End">One past the last byte.</param>
public sealed record SafetensorsEntry(string Name, string Type, IReadOnlyList<long> Shape, long Begin, long End);

/// <summary>
/// The header of a safetensors file: eight bytes of length, then JSON. Nothing in a file is believed before it is checked:
/// names are unique, types known, shapes fit the byte ranges, and the ranges cover the file's data exactly, without overlap
/// or gap. Format: https://huggingface.co/docs/safetensors.
/// </summary>
internal sealed class SafetensorsHeader(IReadOnlyList<SafetensorsEntry> entries, IReadOnlyDictionary<string, string> metadata)
{
    private const int LengthBytes = 8;
    private const int MaximumLength = 16 << 20;
    private const string MetadataKey = "__metadata__";

    public IReadOnlyList<SafetensorsEntry> Entries { get; } = entries;

    public IReadOnlyDictionary<string, string> Metadata { get; } = metadata;

    /// <summary>Bytes of one element; 0 for an unknown type.</summary>
    public static int ElementSize(string type) => type switch
    {
        "F64" or "I64" => 8,
        "F32" or "I32" => 4,
        "F16" or "BF16" or "I16" => 2,
        "I8" or "U8" or "BOOL" => 1,
        _ => 0,
    };

    /// <summary>The bytes before the data, padded so that the data starts at a multiple of eight.</summary>
    public byte[] ToBytes()
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            if (Metadata.Count > 0)
            {
                writer.WriteStartObject(MetadataKey);
                foreach (var (key, value) in Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                    writer.WriteString(key, value);
                writer.WriteEndObject();
            }

            foreach (var entry in Entries)
                WriteEntry(writer, entry);
            writer.WriteEndObject();
        }

        while (json.Length % LengthBytes != 0)
            json.WriteByte((byte)' ');
        return [.. BitConverter.GetBytes((ulong)json.Length), .. json.ToArray()];
    }

    /// <summary>Reads and checks the header; the stream is then at the first data byte.</summary>
    /// <exception cref="SegException"><c>SafetensorsInvalid</c></exception>
    public static SafetensorsHeader Read(Stream stream, string path)
    {
        var prefix = new byte[LengthBytes];
        if (stream.ReadAtLeast(prefix, LengthBytes, throwOnEndOfStream: false) < LengthBytes)
            throw Invalid(path, "the file ends within the first eight bytes");
        var length = BitConverter.ToUInt64(prefix);
        var available = stream.Length - LengthBytes;
        if (length < 2 || length > MaximumLength || (long)length > available)
            throw Invalid(path, $"its header claims {length} bytes, allowed are 2 to {Math.Min(MaximumLength, available)}");
        var json = new byte[(int)length];
        stream.ReadExactly(json);
        SafetensorsHeader header;
        try
        {
            header = Parse(json, path);
        }
        catch (Exception error) when (error is JsonException or DecoderFallbackException or InvalidOperationException)
        {
            throw Invalid(path, $"its header is not valid JSON ({error.Message})", error);
        }

        header.CheckRanges(available - (long)length, path);
        return header;
    }

    public static SegException Invalid(string path, string reason, Exception? inner = null) => new(
        "SafetensorsInvalid", SegErrorKind.InvalidData, $"'{path}' is not a valid safetensors file: {reason}.",
        "The file may be damaged or not finished copying; copy or train it again.", path, inner);

    private static void WriteEntry(Utf8JsonWriter writer, SafetensorsEntry entry)
    {
        writer.WriteStartObject(entry.Name);
        writer.WriteString("dtype", entry.Type);
        writer.WriteStartArray("shape");
        foreach (var size in entry.Shape)
            writer.WriteNumberValue(size);
        writer.WriteEndArray();
        writer.WriteStartArray("data_offsets");
        writer.WriteNumberValue(entry.Begin);
        writer.WriteNumberValue(entry.End);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static SafetensorsHeader Parse(byte[] json, string path)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 4 });
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw Invalid(path, "its header is not a JSON object");
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var entries = new Dictionary<string, SafetensorsEntry>(StringComparer.Ordinal);
        foreach (var property in document.RootElement.EnumerateObject())
        {
            if (property.NameEquals(MetadataKey))
            {
                foreach (var pair in property.Value.EnumerateObject())
                    metadata[pair.Name] = pair.Value.GetString() ?? "";
            }
            else if (!entries.TryAdd(property.Name, ParseEntry(property, path)))
            {
                throw Invalid(path, $"tensor '{property.Name}' is there twice");
            }
        }

        return new SafetensorsHeader([.. entries.Values], metadata);
    }

    private static SafetensorsEntry ParseEntry(JsonProperty property, string path)
    {
        var name = property.Name;
        var value = property.Value;
        if (value.ValueKind != JsonValueKind.Object
            || !value.TryGetProperty("dtype", out var type) || type.ValueKind != JsonValueKind.String
            || !value.TryGetProperty("shape", out var shape) || !TryNumbers(shape, out var sizes)
            || !value.TryGetProperty("data_offsets", out var offsets) || !TryNumbers(offsets, out var range) || range.Length != 2)
        {
            throw Invalid(path, $"tensor '{name}' needs dtype, shape and two data_offsets, whole numbers of 0 or more");
        }

        var typeName = type.GetString()!;
        var elementSize = ElementSize(typeName);
        if (elementSize == 0)
            throw Invalid(path, $"tensor '{name}' has the unknown type '{typeName}'");
        if (!TryByteCount(sizes, elementSize, out var bytes) || range[1] < range[0] || range[1] - range[0] != bytes)
        {
            throw Invalid(path, string.Create(
                CultureInfo.InvariantCulture, $"tensor '{name}' of type {typeName} and shape [{string.Join(',', sizes)}] does not fit its bytes {range[0]} to {range[1]}"));
        }

        if (bytes > int.MaxValue)
            throw Invalid(path, string.Create(CultureInfo.InvariantCulture, $"tensor '{name}' has {bytes} bytes, at most {int.MaxValue} are read"));

        return new SafetensorsEntry(name, typeName, sizes, range[0], range[1]);
    }

    private static bool TryNumbers(JsonElement list, out long[] numbers)
    {
        numbers = [];
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > 8)
            return false;
        var result = new long[list.GetArrayLength()];
        for (var i = 0; i < result.Length; i++)
        {
            if (list[i].ValueKind != JsonValueKind.Number || !list[i].TryGetInt64(out result[i]) || result[i] < 0)
                return false;
        }

        numbers = result;
        return true;
    }

    private static bool TryByteCount(long[] sizes, int elementSize, out long bytes)
    {
        var product = (Int128)elementSize;
        foreach (var size in sizes)
        {
            product *= size;
            if (product > long.MaxValue)
            {
                bytes = 0;
                return false;
            }
        }

        bytes = (long)product;
        return true;
    }

    private void CheckRanges(long dataBytes, string path)
    {
        var position = 0L;
        foreach (var entry in Entries.OrderBy(e => e.Begin).ThenBy(e => e.End))
        {
            if (entry.Begin != position)
                throw Invalid(path, $"tensor '{entry.Name}' starts at byte {entry.Begin}, expected {position}");
            position = entry.End;
        }

        if (position != dataBytes)
            throw Invalid(path, $"its tensors take {position} bytes, the file has {dataBytes}");
    }
}
