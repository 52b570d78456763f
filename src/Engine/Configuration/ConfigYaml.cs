using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MedSeg.Engine.Configuration;

/// <summary>Writes nodes as YAML.</summary>
internal static partial class ConfigYaml
{
    public static string Write(ConfigNode node)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var emitter = new Emitter(text, new EmitterSettings(
            bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024, newLine: "\n"));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Emit(emitter, node);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static void Emit(Emitter emitter, ConfigNode node)
    {
        switch (node)
        {
            case ConfigMap map:
                MappingStyle style = map.Entries.Count == 0 ? MappingStyle.Flow : MappingStyle.Block;
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, style));
                foreach (ConfigEntry entry in map.Entries)
                {
                    emitter.Emit(Text(entry.Key));
                    Emit(emitter, entry.Value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case ConfigList list:
                bool flat = list.Items.All(i => i is ConfigScalar);
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, flat ? SequenceStyle.Flow : SequenceStyle.Block));
                foreach (ConfigNode item in list.Items)
                {
                    Emit(emitter, item);
                }

                emitter.Emit(new SequenceEnd());
                break;
            case ConfigScalar { Value: string text }:
                emitter.Emit(Text(text));
                break;
            case ConfigScalar scalar:
                emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, Plain(scalar.Value), ScalarStyle.Plain, true, false));
                break;
        }
    }

    /// <summary>Text stands in quotes unless it is a simple word that cannot be read as anything else.</summary>
    private static Scalar Text(string text)
    {
        bool simple = Word().IsMatch(text) && YamlScalar.Resolve(text) is string;
        return new Scalar(AnchorName.Empty, TagName.Empty, text, simple ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted, simple, !simple);
    }

    private static string Plain(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        long whole => whole.ToString(CultureInfo.InvariantCulture),
        _ => ConfigJson.NumberText((double)value),
    };

    [GeneratedRegex(@"^[A-Za-z_./][A-Za-z0-9_./+-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
