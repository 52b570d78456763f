using System.Text;
using System.Text.Json;

namespace MedSeg.Engine.Configuration;

/// <summary>Reads JSON (RFC 8259, with comments and trailing commas) into nodes that know their place.</summary>
internal ref struct JsonTree
{
    private readonly string _source;
    private readonly byte[] _bytes;
    private readonly ConfigProblems _problems;
    private readonly List<int> _lineStarts;
    private readonly List<string> _path = [];
    private Utf8JsonReader _reader;
    private int _nodes;
    private int _depth;
    private (int Line, int Offset, int Column) _counted = (0, 0, 1);

    private JsonTree(byte[] bytes, string source, ConfigProblems problems)
    {
        _source = source;
        _bytes = bytes;
        _problems = problems;
        _lineStarts = [0];
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == (byte)'\n')
            {
                _lineStarts.Add(i + 1);
            }
        }

        _reader = new Utf8JsonReader(bytes, new JsonReaderOptions
        {
            AllowTrailingCommas = true,
            CommentHandling = JsonCommentHandling.Skip,
            MaxDepth = DocumentLimits.Depth + 2,
        });
    }

    /// <exception cref="SegException"><c>ConfigSyntax</c>, <c>ConfigTooDeep</c>, <c>ConfigTooLarge</c>.</exception>
    public static ConfigNode Parse(string text, string source, ConfigProblems problems)
    {
        var tree = new JsonTree(Encoding.UTF8.GetBytes(text), source, problems);
        try
        {
            tree._reader.Read();
            ConfigNode root = tree.Value();
            tree._reader.Read();
            return root;
        }
        catch (JsonException error)
        {
            throw tree.Syntax(error);
        }
    }

    private SegException Syntax(JsonException error)
    {
        int line = (int)Math.Min(error.LineNumber ?? 0, _lineStarts.Count - 1);
        int offset = (int)Math.Min(_lineStarts[line] + (error.BytePositionInLine ?? 0), _bytes.Length);
        string text = Encoding.UTF8.GetString(_bytes);
        int index = Encoding.UTF8.GetCharCount(_bytes, 0, offset);
        if (string.IsNullOrWhiteSpace(text))
        {
            return DocumentLimits.Empty(_source, PositionOf(offset), error);
        }

        string what = string.IsNullOrWhiteSpace(text[index..])
            ? "the file ends too early."
            : error.Message.Split(" LineNumber:")[0].Split(" Path:")[0];
        return ConfigProblems.Unreadable(
            "ConfigSyntax", _source, PositionOf(offset), $"not valid JSON: {what}", SyntaxHint.Json(text, index, error.Message), error);
    }

    private ConfigNode Value()
    {
        ConfigPosition at = Here();
        if (++_nodes > DocumentLimits.Nodes)
        {
            throw DocumentLimits.TooLarge(_source, at);
        }

        if (_reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            return Scalar(at);
        }

        if (++_depth > DocumentLimits.Depth)
        {
            throw DocumentLimits.TooDeep(_source, at);
        }

        ConfigNode node = _reader.TokenType == JsonTokenType.StartObject ? Map(at) : List(at);
        _depth--;
        return node;
    }

    private ConfigScalar Scalar(ConfigPosition at) => _reader.TokenType switch
    {
        JsonTokenType.String => new ConfigScalar(at, TextHere()),
        JsonTokenType.True => new ConfigScalar(at, true),
        JsonTokenType.False => new ConfigScalar(at, false),
        JsonTokenType.Number => new ConfigScalar(at, _reader.TryGetInt64(out long whole) ? whole : (object)_reader.GetDouble()),
        _ => new ConfigScalar(at, null),
    };

    private ConfigList List(ConfigPosition at)
    {
        var items = new List<ConfigNode>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            _path.Add($"[{items.Count}]");
            items.Add(Value());
            _path.RemoveAt(_path.Count - 1);
        }

        return new ConfigList(at, items);
    }

    private ConfigMap Map(ConfigPosition at)
    {
        var entries = new List<ConfigEntry>();
        var seen = new Dictionary<string, ConfigPosition>(StringComparer.Ordinal);
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            ConfigPosition keyAt = Here();
            string key = TextHere();
            _path.Add(key);
            _reader.Read();
            ConfigNode value = Value();
            if (seen.TryAdd(key, keyAt))
            {
                entries.Add(new ConfigEntry(key, keyAt, value));
            }
            else
            {
                _problems.AddDuplicate(_path, keyAt, seen[key]);
            }

            _path.RemoveAt(_path.Count - 1);
        }

        return new ConfigMap(at, entries);
    }

    private string TextHere()
    {
        try
        {
            return _reader.GetString() ?? "";
        }
        catch (InvalidOperationException error)
        {
            throw ConfigProblems.Unreadable(
                "ConfigSyntax", _source, Here(), "the text holds half of a surrogate pair.", "Write the character itself.", error);
        }
    }

    private ConfigPosition Here() => PositionOf(_reader.TokenStartIndex);

    /// <summary>
    /// Counts the characters of a line from the place asked for last, so that a document in one line costs its length and not the
    /// square of it.
    /// </summary>
    private ConfigPosition PositionOf(long offset)
    {
        int end = (int)Math.Min(offset, _bytes.Length);
        int found = _lineStarts.BinarySearch(end);
        int line = found >= 0 ? found : ~found - 1;
        if (_counted.Line != line || _counted.Offset > end)
        {
            _counted = (line, _lineStarts[line], 1);
        }

        _counted = (line, end, _counted.Column + Encoding.UTF8.GetCharCount(_bytes, _counted.Offset, end - _counted.Offset));
        return new ConfigPosition(line + 1, _counted.Column);
    }
}
