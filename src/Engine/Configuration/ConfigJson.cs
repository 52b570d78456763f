using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MedSeg.Engine.Configuration;

/// <summary>Writes nodes as JSON: two spaces of indentation, '\n' line ends, short lists on one line.</summary>
internal static class ConfigJson
{
    public static string Write(ConfigNode node)
    {
        var text = new StringBuilder();
        Append(text, node, 0);
        return text.Append('\n').ToString();
    }

    private static void Append(StringBuilder text, ConfigNode node, int depth)
    {
        switch (node)
        {
            case ConfigMap { Entries.Count: > 0 } map:
                Block(text, '{', '}', depth, map.Entries.Count, i =>
                {
                    text.Append(Quote(map.Entries[i].Key)).Append(": ");
                    Append(text, map.Entries[i].Value, depth + 1);
                });
                break;
            case ConfigMap:
                text.Append("{}");
                break;
            case ConfigList list when list.Items.All(i => i is ConfigScalar):
                text.Append('[').AppendJoin(", ", list.Items.Select(i => Scalar(((ConfigScalar)i).Value))).Append(']');
                break;
            case ConfigList list:
                Block(text, '[', ']', depth, list.Items.Count, i => Append(text, list.Items[i], depth + 1));
                break;
            case ConfigScalar scalar:
                text.Append(Scalar(scalar.Value));
                break;
        }
    }

    private static void Block(StringBuilder text, char open, char close, int depth, int count, Action<int> item)
    {
        text.Append(open).Append('\n');
        for (int i = 0; i < count; i++)
        {
            text.Append(' ', (depth + 1) * 2);
            item(i);
            text.Append(i < count - 1 ? ",\n" : "\n");
        }

        text.Append(' ', depth * 2).Append(close);
    }

    private static string Scalar(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        string text => Quote(text),
        long whole => whole.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => NumberText((double)value),
    };

    /// <summary>A number that reads back as a double: always with a point or an exponent.</summary>
    /// <exception cref="InvalidCastException">The number is not finite.</exception>
    public static string NumberText(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new InvalidCastException($"{Describe.Number(value)} is not a number that files can hold.");
        }

        string text = Describe.Number(value);
        return text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0";
    }

    private static string Quote(string text) =>
        JsonSerializer.Serialize(text, QuoteOptions);

    private static readonly JsonSerializerOptions QuoteOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
