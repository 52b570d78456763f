using System.Globalization;
using System.Text;
using MedSeg.Engine.Configuration;

namespace MedSeg.Engine.Tests.Configuration;

/// <summary>The generated parts of docs/configuration.md: keys from the types and their summaries, components from the catalog.</summary>
internal static class ConfigDocumentation
{
    public const string Start = "<!-- generated: start -->";
    public const string End = "<!-- generated: end -->";

    public static string Generate()
    {
        var text = new StringBuilder();
        Section(text, typeof(SegConfig), "", "Top level");
        Components(text, "Losses", "training_parameters.loss", SegEngine.Catalog.Losses);
        Components(text, "Schedules", "training_parameters.scheduler.lr_scheduler", SegEngine.Catalog.Schedulers);
        Components(text, "Optimisers", "training_parameters.optimizer", SegEngine.Catalog.Optimizers);
        Components(text, "Transforms", "transformation", SegEngine.Catalog.Transforms);
        Components(text, "Post-processing steps", "postprocessing", SegEngine.Catalog.PostprocessingSteps);
        Networks(text);
        LegacyNamesTable(text);
        return text.ToString();
    }

    private static void Section(StringBuilder text, Type type, string prefix, string title)
    {
        SectionShape shape = SectionShape.Of(type);
        text.Append(CultureInfo.InvariantCulture, $"### {title}\n\n| Key | Value | Default | Meaning | Status |\n|---|---|---|---|---|\n");
        foreach (KeyShape key in shape.Keys)
        {
            string path = prefix + key.Key;
            string later = LaterFeatures.IsLater(path) ? "later" : IdleKeys.Table.Any(k => k.Key == path) ? "no effect" : "";
            text.Append(CultureInfo.InvariantCulture, $"| `{key.Key}` | {key.Allowed()} | {Default(key, shape.Default)} | {KeySummaries.Of(key)} | {later} |\n");
        }

        text.Append('\n');
        foreach (KeyShape key in shape.Keys.Where(k => k.Shape == ValueShape.Section))
        {
            Section(text, key.Property.PropertyType, prefix + key.Key + ".", $"`{prefix}{key.Key}`");
        }
    }

    private static string Default(KeyShape key, object defaults) => key.Shape switch
    {
        ValueShape.Section => "",
        ValueShape.Component => $"`{ConfigTree.Value(defaults, key, full: false).ToPlain() switch { Dictionary<string, object?> d => d["name"], var x => x }}`",
        _ => $"`{ConfigJson.Write(ConfigTree.Value(defaults, key, full: false)).Trim()}`",
    };

    private static void Components(StringBuilder text, string title, string path, IReadOnlyList<ComponentSpec> specs)
    {
        text.Append(CultureInfo.InvariantCulture, $"### {title}: `{path}`\n\n| Name | Parameter | Value | Default | Meaning | Status |\n|---|---|---|---|---|---|\n");
        foreach (ComponentSpec spec in specs)
        {
            string later = spec.Supported ? "" : "later";
            text.Append(CultureInfo.InvariantCulture, $"| `{spec.Name}` | | | | | {later} |\n");
            foreach (ParameterSpec p in spec.Parameters)
            {
                string value = p.Required ? "required" : p.Default is null ? "" : $"`{ConfigJson.Write(ConfigNode.FromPlain(p.Default)).Trim()}`";
                text.Append(CultureInfo.InvariantCulture, $"| | `{p.Name}` | {Describe.Allowed(p)} | {value} | {p.Help} | |\n");
            }
        }

        text.Append('\n');
    }

    private static void Networks(StringBuilder text)
    {
        text.Append("### Networks: `default_model.name`\n\n| Name | Status |\n|---|---|\n");
        foreach (ComponentSpec spec in SegEngine.Catalog.Networks)
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{spec.Name}` | {(spec.Supported ? "" : "later")} |\n");
        }

        text.Append('\n');
    }

    private static void LegacyNamesTable(StringBuilder text)
    {
        text.Append("### Names of earlier versions\n\n| In older files | Now |\n|---|---|\n");
        foreach (LegacyName name in LegacyNames.Table.Where(n => n.Old != n.New))
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{name.Old}` | `{name.New}` |\n");
        }

        foreach ((string path, string why) in LegacyNames.Dropped)
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{path}` | dropped: {why} |\n");
        }
    }
}
