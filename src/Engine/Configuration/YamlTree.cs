using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MedSeg.Engine.Configuration;

/// <summary>
/// Reads one YAML document (core schema of YAML 1.2) into nodes that know their place. Only data: tags other than
/// <c>!!str</c> are refused, and aliases are expanded within the limit of values.
/// </summary>
internal sealed class YamlTree
{
    private readonly string _text;
    private readonly string _source;
    private readonly ConfigProblems _problems;
    private readonly Parser _parser;
    private readonly List<string> _path = [];
    private readonly Dictionary<string, (ConfigNode Node, int Size)> _anchors = new(StringComparer.Ordinal);
    private int _nodes;
    private int _depth;

    private YamlTree(string text, string source, ConfigProblems problems)
    {
        _text = text;
        _source = source;
        _problems = problems;
        _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
    }

    /// <exception cref="SegException"><c>ConfigSyntax</c>, <c>ConfigTooDeep</c>, <c>ConfigTooLarge</c>, <c>ConfigYamlTag</c>.</exception>
    public static ConfigNode Parse(string text, string source, ConfigProblems problems)
    {
        var tree = new YamlTree(text, source, problems);
        try
        {
            return tree.Document();
        }
        catch (YamlException error)
        {
            throw tree.Unreadable(error);
        }
        // The scanner of the library answers some malformed texts, such as "[a\nb: c", with these.
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            throw tree.Syntax(Position(tree._parser.Current?.End ?? Mark.Empty), "the text after this place is malformed.", error);
        }
    }

    private ConfigNode Document()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out StreamEnd? end))
        {
            throw DocumentLimits.Empty(_source, Position(end.Start));
        }

        _parser.Consume<DocumentStart>();
        ConfigNode root = Node();
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out DocumentStart? second))
        {
            throw Syntax(Position(second.Start), "the file holds more than one document.");
        }

        return root;
    }

    private ConfigNode Node()
    {
        ParsingEvent current = _parser.Consume<ParsingEvent>();
        ConfigPosition at = Position(current.Start);
        if (current is AnchorAlias alias)
        {
            return Alias(alias, at);
        }

        int before = _nodes;
        Add(1, at);
        ConfigNode node = current switch
        {
            Scalar scalar => new ConfigScalar(at, ScalarValue(scalar, at)),
            SequenceStart list => Nested(list, at, () => List(at)),
            MappingStart map => Nested(map, at, () => Map(at)),
            _ => throw Syntax(at, "a value is missing."),
        };
        if (current is NodeEvent { Anchor.IsEmpty: false } named)
        {
            _anchors[named.Anchor.Value] = (node, _nodes - before);
        }

        return node;
    }

    private ConfigNode Alias(AnchorAlias alias, ConfigPosition at)
    {
        if (!_anchors.TryGetValue(alias.Value.Value, out (ConfigNode Node, int Size) anchor))
        {
            throw Syntax(at, $"the alias *{alias.Value.Value} has no finished anchor before it.");
        }

        Add(anchor.Size, at);
        return anchor.Node;
    }

    private ConfigNode Nested(NodeEvent start, ConfigPosition at, Func<ConfigNode> read)
    {
        RefuseTag(start, at);
        if (++_depth > DocumentLimits.Depth)
        {
            throw DocumentLimits.TooDeep(_source, at);
        }

        ConfigNode node = read();
        _depth--;
        return node;
    }

    private ConfigList List(ConfigPosition at)
    {
        var items = new List<ConfigNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            _path.Add($"[{items.Count}]");
            items.Add(Node());
            _path.RemoveAt(_path.Count - 1);
        }

        return new ConfigList(at, items);
    }

    private ConfigMap Map(ConfigPosition at)
    {
        var entries = new List<ConfigEntry>();
        var seen = new Dictionary<string, ConfigPosition>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (!_parser.TryConsume<Scalar>(out Scalar? name))
            {
                throw Syntax(Position(_parser.Current!.Start), "a key must be plain text.");
            }

            ConfigPosition keyAt = Position(name.Start);
            _path.Add(name.Value);
            ConfigNode value = Node();
            if (seen.TryAdd(name.Value, keyAt))
            {
                entries.Add(new ConfigEntry(name.Value, keyAt, value));
            }
            else
            {
                _problems.AddDuplicate(_path, keyAt, seen[name.Value]);
            }

            _path.RemoveAt(_path.Count - 1);
        }

        return new ConfigMap(at, entries);
    }

    private object? ScalarValue(Scalar scalar, ConfigPosition at)
    {
        bool text = !scalar.Tag.IsEmpty && scalar.Tag.Value == "tag:yaml.org,2002:str";
        if (!text)
        {
            RefuseTag(scalar, at);
        }

        return text || scalar.Style != ScalarStyle.Plain ? scalar.Value : YamlScalar.Resolve(scalar.Value);
    }

    private void RefuseTag(NodeEvent node, ConfigPosition at)
    {
        if (!node.Tag.IsEmpty && node.Tag.Value != "!")
        {
            throw ConfigProblems.Unreadable(
                "ConfigYamlTag", _source, at, $"the tag {node.Tag.Value} is not allowed.", "Remove the tag; configurations hold plain data.");
        }
    }

    private void Add(int nodes, ConfigPosition at)
    {
        _nodes += nodes;
        if (_nodes > DocumentLimits.Nodes)
        {
            throw DocumentLimits.TooLarge(_source, at);
        }
    }

    /// <summary>The library names the mapping around a tab that indents, and not the tab.</summary>
    private SegException Unreadable(YamlException error) =>
        error.Message.Contains(" tab ", StringComparison.Ordinal) && SyntaxHint.IndentingTab(_text) is var (line, column)
            ? ConfigProblems.Unreadable(
                "ConfigSyntax",
                _source,
                new ConfigPosition(line + 1, column + 1),
                "not valid YAML: a tab indents the line.",
                "Indent with spaces; YAML allows no tabs there.",
                error)
            : Syntax(Position(error.Start), error.Message, error);

    private SegException Syntax(ConfigPosition at, string what, Exception? inner = null) => ConfigProblems.Unreadable(
        "ConfigSyntax", _source, at, $"not valid YAML: {what}", SyntaxHint.Yaml(what), inner);

    private static ConfigPosition Position(Mark mark) => new((int)mark.Line, (int)mark.Column);
}
