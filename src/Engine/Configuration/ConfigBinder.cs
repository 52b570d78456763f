namespace MedSeg.Engine.Configuration;

/// <summary>
/// Writes the values of a document into a configuration and reports what does not fit. Sections merge key by key; lists,
/// losses, schedules, steps and transforms are replaced whole.
/// </summary>
/// <param name="catalog">What components exist.</param>
/// <param name="problems">Where problems go.</param>
/// <param name="partial">Parameters that a component requires may be missing, because more keys follow.</param>
internal sealed class ConfigBinder(ComponentCatalog catalog, ConfigProblems problems, bool partial = false)
{
    private const int MostPlaces = 4;

    /// <summary>The key whose words are the networks.</summary>
    public const string NetworkName = "default_model.name";

    private const string ModelNameKey = "model_name";

    /// <summary>A path such as C:\temp in quotes is a valid text with a tab in it, and a folder that nobody meant.</summary>
    private const string BackslashRule =
        "control characters are not allowed. In JSON and in double quotes of YAML each backslash is written twice; / does as well.";

    private readonly ComponentBinder _components = new(problems, partial);

    public void Section(ConfigMap map, object target, string path)
    {
        SectionShape shape = SectionShape.Of(target.GetType());
        foreach (ConfigEntry entry in map.Entries)
        {
            string keyPath = path.Length == 0 ? entry.Key : $"{path}.{entry.Key}";
            if (shape.Find(entry.Key) is { } key)
            {
                Key(entry, key, target, keyPath);
            }
            else
            {
                UnknownKey(entry, shape, path, keyPath);
            }
        }
    }

    /// <summary>Binds one key of a section.</summary>
    public void Key(ConfigEntry entry, KeyShape key, object target, string path)
    {
        if (key.Shape == ValueShape.Section && entry.Value is ConfigMap map)
        {
            object section = key.Property.GetValue(target) ?? Activator.CreateInstance(key.Property.PropertyType)!;
            Section(map, section, path);
            key.Property.SetValue(target, section);
        }
        else if (key.Shape == ValueShape.TargetSuffixes)
        {
            TargetSuffixes(entry.Value, key, (LoaderConfig)target, path);
        }
        else if (TryRead(entry, key, path, out object? value))
        {
            key.Property.SetValue(target, value);
        }
    }

    /// <summary>The components that a key can name.</summary>
    public static IReadOnlyList<ComponentSpec> SpecsOf(KeyShape key, ComponentCatalog catalog) => key.Key switch
    {
        "loss" => catalog.Losses,
        "lr_scheduler" => catalog.Schedulers,
        "optimizer" => catalog.Optimizers,
        "transformation" => catalog.Transforms,
        _ => catalog.PostprocessingSteps,
    };

    private void UnknownKey(ConfigEntry entry, SectionShape shape, string section, string keyPath)
    {
        if (LegacyNames.Table.FirstOrDefault(n => n.Old == keyPath && n.Values is not null) is { } old)
        {
            string found = Describe.Value(entry.Value.ToPlain());
            problems.Add("ConfigNotAllowed", keyPath, entry.Value.At, $"found {found}; allowed: {old.Values}; the key is now '{old.New}'.");
            return;
        }

        string? near = problems.Nearest(entry.Key, [.. shape.Keys.Select(k => k.Key)]);
        string[] elsewhere = near is not null || problems.IsFlood ? [] : [.. Places(entry.Key).Take(MostPlaces)];
        string place = section.Length == 0 ? "at the top level" : $"in {section}";
        string hint = (near, elsewhere) switch
        {
            ({ }, _) => $"; did you mean '{near}'?",
            (_, [var only]) when only == entry.Key => $"; '{entry.Key}' belongs to the top level.",
            (_, [_, ..]) => $"; '{entry.Key}' belongs to {string.Join(" or ", elsewhere)}.",
            _ => $"; known {place}: {Describe.OneOf(shape.Keys.Select(k => k.Key))}.",
        };
        problems.Add("ConfigUnknownKey", keyPath, entry.At, "unknown key" + hint);
    }

    /// <summary>Where a key belongs; for a name of earlier versions the path that it has now.</summary>
    private static IEnumerable<string> Places(string key) => SectionShape.All(typeof(SegConfig))
        .Where(k => k.Key.Key == key).Select(k => k.Path)
        .Concat(LegacyNames.Table.Where(n => n.Old.EndsWith("." + key, StringComparison.Ordinal)).Select(n => n.New))
        .Concat(LegacyNames.Table.Where(n => n.Old.Contains($".{key}.", StringComparison.Ordinal)).Select(n => n.New[..n.New.LastIndexOf('.')]))
        .Distinct();

    private bool TryRead(ConfigEntry entry, KeyShape key, string path, out object? value)
    {
        ConfigNode node = entry.Value;
        value = null;
        if (node is ConfigScalar { Value: null } && key.Nullable)
        {
            return true;
        }

        int before = problems.Count;
        value = key.Shape switch
        {
            ValueShape.Text => Text(node, key, path),
            ValueShape.Boolean => node is ConfigScalar { Value: bool flag } ? flag : Wrong(node, key, path),
            ValueShape.Integer => Integer(node, key, path),
            ValueShape.Number => Number(node, key, path),
            ValueShape.TextList => List<string>(node, key, path, Text),
            ValueShape.IntegerList => List<int>(node, key, path, Integer),
            ValueShape.NumberList => List<double>(node, key, path, Number),
            ValueShape.NumberMap => Map<double>(node, key, path, Number),
            ValueShape.TextMap => Map<string>(node, key, path, Text),
            ValueShape.Component when node is ConfigMap map => _components.Named(map, SpecsOf(key, catalog), path),
            ValueShape.Steps when node is ConfigMap map => _components.Steps(map, SpecsOf(key, catalog), path),
            ValueShape.Transforms when node is ConfigMap map => _components.Transforms(map, SpecsOf(key, catalog), path),
            _ => Wrong(node, key, path),
        };
        return problems.Count == before;
    }

    private void TargetSuffixes(ConfigNode node, KeyShape key, LoaderConfig loader, string path)
    {
        int before = problems.Count;
        if (node is ConfigList { Items: [ConfigList, ..] } classes)
        {
            string[][] raters = [.. classes.Items.Select((item, i) => List<string>(item, key, $"{path}[{i}]", Text) ?? [])];
            for (int i = 0; i < raters.Length && problems.Count == before; i++)
            {
                if (raters[i].Length == 0)
                {
                    problems.Add("ConfigWrongType", $"{path}[{i}]", classes.Items[i].At, "a class has no rater; name at least one suffix.");
                }
            }

            if (problems.Count == before)
            {
                loader.TargetSuffixRaters = raters;
                loader.TargetSuffix = [.. raters.Select(r => r[0])];
            }
        }
        else if (List<string>(node, key, path, Text) is { } suffixes && problems.Count == before)
        {
            loader.TargetSuffixRaters = [];
            loader.TargetSuffix = suffixes;
        }
    }

    private object? Text(ConfigNode node, KeyShape key, string path)
    {
        if (node is ConfigScalar { Value: long or double } number && key.NumberAsText)
        {
            return Convert.ToString(number.Value, System.Globalization.CultureInfo.InvariantCulture);
        }

        if (node is not ConfigScalar { Value: string text })
        {
            return Wrong(node, key, path);
        }

        string[] networks = path == NetworkName ? [.. catalog.Networks.Select(n => n.Name)] : [];
        if ((key.Choices ?? networks) is { Count: > 0 } choices && !choices.Contains(text, StringComparer.Ordinal))
        {
            string? near = problems.Nearest(text, choices);
            string hint = near is null ? "." : $"; did you mean '{near}'?";
            (string errorId, string allowed) = path == NetworkName
                ? ("ConfigUnknownComponent", Describe.Components(catalog.Networks))
                : ("ConfigNotAllowed", Describe.OneOf(choices));
            problems.Add(errorId, path, node.At, $"found {Describe.Value(text)}; allowed: {allowed}{hint}");
        }
        else if (path == ModelNameKey && !ModelName.IsValid(text))
        {
            problems.Add("ConfigNotAllowed", path, node.At, $"found {Describe.Value(text)}; allowed: {ModelName.Allowed}.");
        }
        else if (text.Any(char.IsControl))
        {
            problems.Add("ConfigNotAllowed", path, node.At, $"found {Describe.Value(text)} with {Describe.Control(text)}; {BackslashRule}");
        }

        return text;
    }

    private object? Integer(ConfigNode node, KeyShape key, string path)
    {
        double? number = (node as ConfigScalar)?.Value switch
        {
            long whole => whole,
            double d when d == Math.Floor(d) => d,
            _ => null,
        };
        if (number is null)
        {
            return Wrong(node, key, path);
        }

        if (number is < int.MinValue or > int.MaxValue)
        {
            return OutOfRange(node, key, path);
        }

        return InRange(number.Value, node, key, path) ? (int)number.Value : null;
    }

    private object? Number(ConfigNode node, KeyShape key, string path)
    {
        double? number = (node as ConfigScalar)?.Value switch
        {
            long whole => whole,
            double d => d,
            _ => null,
        };
        return number is null ? Wrong(node, key, path) : InRange(number.Value, node, key, path) ? number : null;
    }

    private bool InRange(double number, ConfigNode node, KeyShape key, string path)
    {
        SegRangeAttribute? range = key.Range;
        bool inside = double.IsFinite(number)
            && (range is null || (number >= range.Minimum && number <= range.Maximum && !(range.ExclusiveMinimum && number == range.Minimum)));
        if (!inside)
        {
            OutOfRange(node, key, path);
        }

        return inside;
    }

    private T[]? List<T>(ConfigNode node, KeyShape key, string path, Func<ConfigNode, KeyShape, string, object?> read)
    {
        if (node is ConfigMap or ConfigScalar { Value: null })
        {
            Wrong(node, key, path);
            return null;
        }

        IReadOnlyList<ConfigNode> items = node is ConfigList list ? list.Items : [node];
        if (items.Count > 0 && key.Count is { } count && items.Count != count)
        {
            problems.Add("ConfigWrongType", path, node.At, $"found {items.Count} elements; allowed: {key.Allowed()}.");
            return null;
        }

        int before = problems.Count;
        object?[] values = [.. items.Select((item, i) => read(item, key, $"{path}[{i}]"))];
        return problems.Count == before ? [.. values.Cast<T>()] : null;
    }

    private SegMap<T>? Map<T>(ConfigNode node, KeyShape key, string path, Func<ConfigNode, KeyShape, string, object?> read)
    {
        if (node is not ConfigMap map)
        {
            Wrong(node, key, path);
            return null;
        }

        int before = problems.Count;
        var values = map.Entries.Select(e => (e.Key, Value: read(e.Value, key, $"{path}.{e.Key}"))).ToList();
        return problems.Count == before ? new SegMap<T>(values.ToDictionary(v => v.Key, v => (T)v.Value!, StringComparer.Ordinal)) : null;
    }

    private object? Wrong(ConfigNode node, KeyShape key, string path) =>
        Report("ConfigWrongType", node, key, path);

    private object? OutOfRange(ConfigNode node, KeyShape key, string path) =>
        Report("ConfigOutOfRange", node, key, path);

    private object? Report(string errorId, ConfigNode node, KeyShape key, string path)
    {
        object? found = node.ToPlain();
        problems.Add(errorId, path, node.At, $"found {Describe.Value(found)}; allowed: {key.Allowed()}.{ValueHint.Of(found, key.Shape)}");
        return null;
    }
}
