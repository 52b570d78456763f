namespace MedSeg.Engine.Configuration;

/// <summary>
/// The JSON Schema (draft 2020-12) of configuration files, made from the types, their docstrings and the specifications of components,
/// so that editors complete and check files while they are written. Names of earlier versions are in it, marked as deprecated.
/// </summary>
internal static class ConfigSchema
{
    private const string Draft = "https://json-schema.org/draft/2020-12/schema";

    /// <summary>The schema as JSON text.</summary>
    /// <param name="catalog">What components exist.</param>
    public static string Of(ComponentCatalog catalog) => ConfigJson.Write(ConfigNode.FromPlain(Document(catalog)));

    private static Dictionary<string, object?> Document(ComponentCatalog catalog)
    {
        Dictionary<string, object?> root = Section(typeof(SegConfig), "", catalog);
        SchemaOldNames.AddTo(root);
        var document = new Dictionary<string, object?>
        {
            ["$schema"] = Draft,
            ["title"] = "MedSeg configuration",
            ["description"] = "Keys that are absent have their defaults. docs/configuration.md explains all.",
        };
        foreach ((string key, object? value) in root)
        {
            document[key] = value;
        }

        SchemaText.Properties(document)[ConfigReader.SchemaKey] = SchemaText.Typed("string", "Where editors find this schema.");
        return document;
    }

    private static Dictionary<string, object?> Section(Type type, string prefix, ComponentCatalog catalog)
    {
        SectionShape shape = SectionShape.Of(type);
        var properties = new Dictionary<string, object?>();
        foreach (KeyShape key in shape.Keys)
        {
            properties[key.Key] = Key(key, prefix + key.Key, shape.Default, catalog);
        }

        return new Dictionary<string, object?> { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = properties };
    }

    private static Dictionary<string, object?> Key(KeyShape key, string path, object defaults, ComponentCatalog catalog)
    {
        var result = new Dictionary<string, object?> { ["description"] = Description(key, path) };
        Dictionary<string, object?> value = key.Shape switch
        {
            ValueShape.Section => Section(key.Property.PropertyType, path + ".", catalog),
            ValueShape.Component => SchemaComponents.Named(ConfigBinder.SpecsOf(key, catalog)),
            ValueShape.Steps => SchemaComponents.Steps(ConfigBinder.SpecsOf(key, catalog), transforms: false),
            ValueShape.Transforms => SchemaComponents.Steps(ConfigBinder.SpecsOf(key, catalog), transforms: true),
            _ => Value(key, path, catalog),
        };
        foreach ((string name, object? part) in key.Nullable ? SchemaText.OrNull(value) : value)
        {
            result[name] = part;
        }

        if (key.Shape != ValueShape.Section)
        {
            result["default"] = ConfigTree.Value(defaults, key, full: false).ToPlain();
        }

        return result;
    }

    private static string Description(KeyShape key, string path)
    {
        bool idle = IdleKeys.Table.Any(k => k.Key == path);
        return KeySummaries.Of(key) + (LaterFeatures.IsLater(path) ? " (Not supported yet.)" : idle ? " (No effect.)" : "");
    }

    private static Dictionary<string, object?> Value(KeyShape key, string path, ComponentCatalog catalog) => key.Shape switch
    {
        ValueShape.Text => Text(key.Choices ?? (path == ConfigBinder.NetworkName ? [.. catalog.Networks.Select(n => n.Name)] : null)),
        ValueShape.Boolean => SchemaText.Typed("boolean"),
        ValueShape.Integer => Integer(key.Range),
        ValueShape.Number => Number(key.Range),
        ValueShape.TextList => List(key.NumberAsText ? TextOrNumber() : Text(key.Choices), key.Count),
        ValueShape.IntegerList => List(Integer(key.Range), key.Count),
        ValueShape.NumberList => List(Number(key.Range), key.Count),
        ValueShape.NumberMap => Map(Number(key.Range)),
        ValueShape.TextMap => Map(Text(null)),
        _ => Suffixes(),
    };

    private static Dictionary<string, object?> Text(IReadOnlyList<string>? choices) => choices is null
        ? SchemaText.Typed("string")
        : new() { ["enum"] = choices.ToArray() };

    private static Dictionary<string, object?> TextOrNumber() => new() { ["type"] = new[] { "string", "number" } };

    private static Dictionary<string, object?> Integer(SegRangeAttribute? range)
    {
        Dictionary<string, object?> schema = SchemaText.Typed("integer");
        SchemaText.Bounds(schema, Math.Max(range?.Minimum ?? int.MinValue, int.MinValue), Math.Min(range?.Maximum ?? int.MaxValue, int.MaxValue));
        return schema;
    }

    private static Dictionary<string, object?> Number(SegRangeAttribute? range)
    {
        Dictionary<string, object?> schema = SchemaText.Typed("number");
        if (range is not null)
        {
            SchemaText.Bounds(schema, range.Minimum, range.Maximum, range.ExclusiveMinimum);
        }

        return schema;
    }

    /// <summary>A list of one may stand without brackets; a list of fixed length may also be empty.</summary>
    private static Dictionary<string, object?> List(Dictionary<string, object?> item, int? count)
    {
        Dictionary<string, object?> list = SchemaText.List(item);
        if (count is { } n)
        {
            list["anyOf"] = new object[]
            {
                new Dictionary<string, object?> { ["maxItems"] = 0L },
                new Dictionary<string, object?> { ["minItems"] = (long)n, ["maxItems"] = (long)n },
            };
        }

        return count is > 1 ? list : SchemaText.AnyOf(list, item);
    }

    private static Dictionary<string, object?> Map(Dictionary<string, object?> value) =>
        new() { ["type"] = "object", ["additionalProperties"] = value };

    /// <summary>One suffix per class, or with several raters a list of suffixes per class.</summary>
    private static Dictionary<string, object?> Suffixes()
    {
        Dictionary<string, object?> text = SchemaText.Typed("string");
        Dictionary<string, object?> raters = SchemaText.List(text);
        raters["minItems"] = 1L;
        Dictionary<string, object?> classes = SchemaText.List(SchemaText.AnyOf(raters, text));
        classes["minItems"] = 1L;
        classes["prefixItems"] = new object[] { raters };
        return SchemaText.AnyOf(SchemaText.List(text), text, classes);
    }
}
