namespace MedSeg.Engine.Configuration;

/// <summary>Changes single keys of a configuration by their path, as <c>-Set</c> does.</summary>
public static class ConfigKeys
{
    /// <summary>
    /// Sets <c>training_parameters.batch_size</c>, a whole section or component, one parameter of a component
    /// (<c>transformation.Resample.hspace</c>, which adds the transform where it is missing, in its usual place), or removes a transform or step by
    /// null. A new <c>loss.name</c> drops the parameters that the new loss does not have.
    /// </summary>
    /// <param name="config">Changed only when the value fits.</param>
    /// <param name="keyPath">Documented keys joined by dots.</param>
    /// <param name="value">Numbers, text, bool, null, lists and dictionaries.</param>
    /// <param name="catalog">What components exist.</param>
    /// <exception cref="SegException">Ids as <see cref="ConfigReader.Parse"/>.</exception>
    public static void Set(SegConfig config, string keyPath, object? value, ComponentCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentException.ThrowIfNullOrWhiteSpace(keyPath);
        var problems = new ConfigProblems(null);
        RefuseOldName(keyPath, problems);
        problems.ThrowIfAny();
        string[] parts = keyPath.Split('.');
        TransformConfig[] transforms = config.Transformation;
        object section = config;
        Action attach = static () => { };
        for (int i = 0; i < parts.Length; i++)
        {
            KeyShape? key = SectionShape.Of(section.GetType()).Find(parts[i]);
            if (key?.Shape == ValueShape.Section && i < parts.Length - 1)
            {
                section = Below(section, key, ref attach);
                continue;
            }

            ConfigNode node = Node(value, keyPath);
            node = key is null ? node : Changed(section, key, parts[(i + 1)..], node, catalog);
            if (key is not null && i < parts.Length - 1 && node is not ConfigMap)
            {
                problems.Add("ConfigUnknownKey", keyPath, default, $"{string.Join('.', parts[..(i + 1)])} has no keys below it.");
            }
            else
            {
                Bind(section, new ConfigEntry(parts[i], default, node), parts[..i], catalog, problems);
            }

            break;
        }

        problems.ThrowIfAny();
        attach();
        if (parts is ["transformation", _, ..]) config.Transformation = TransformOrder.PlaceAdded(transforms, config.Transformation);
    }

    /// <summary>Sets several keys; names of components come first, so that the order of a hashtable does not matter.</summary>
    /// <exception cref="SegException">As <see cref="Set"/>.</exception>
    public static void SetAll(SegConfig config, IEnumerable<KeyValuePair<string, object?>> values, ComponentCatalog catalog)
    {
        foreach ((string key, object? value) in values
            .OrderBy(v => v.Key.EndsWith(".name", StringComparison.Ordinal) ? 0 : 1)
            .ThenBy(v => v.Key.Count(c => c == '.')).ThenBy(v => v.Key, StringComparer.Ordinal))
        {
            Set(config, key, value, catalog);
        }
    }

    /// <summary>Every key path that can be set, components' parameters included, for completion.</summary>
    public static IReadOnlyList<string> All(ComponentCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var paths = new List<string>();
        foreach ((string path, KeyShape key, _) in SectionShape.All(typeof(SegConfig)))
        {
            if (key.Shape == ValueShape.Component)
            {
                IEnumerable<string> parameters = ConfigBinder.SpecsOf(key, catalog).SelectMany(s => s.Parameters).Select(p => p.Name);
                paths.AddRange(parameters.Prepend("name").Distinct().Select(p => $"{path}.{p}"));
            }
            else if (key.Shape is ValueShape.Steps or ValueShape.Transforms)
            {
                string[] also = key.Shape == ValueShape.Transforms ? ["applied_to", "dataset_type"] : [];
                paths.AddRange(ConfigBinder.SpecsOf(key, catalog)
                    .SelectMany(s => s.Parameters.Select(p => p.Name).Concat(also).Select(p => $"{path}.{s.Name}.{p}").Prepend($"{path}.{s.Name}")));
            }
            else if (key.Shape != ValueShape.Section)
            {
                paths.Add(path);
            }
        }

        return paths;
    }

    /// <summary>The section of a key; one that is absent is attached only when the value turns out to fit.</summary>
    private static object Below(object section, KeyShape key, ref Action attach)
    {
        if (key.Property.GetValue(section) is { } present)
        {
            return present;
        }

        object created = Activator.CreateInstance(key.Property.PropertyType)!;
        attach += () => key.Property.SetValue(section, created);
        return created;
    }

    private static void RefuseOldName(string keyPath, ConfigProblems problems)
    {
        LegacyName? old = LegacyNames.Table.FirstOrDefault(n => n.Old == keyPath && SectionOfOldNameIsGone(n));
        if (old is not null)
        {
            problems.Add("ConfigUnknownKey", keyPath, default, $"the key is now '{old.New}'.");
        }
    }

    private static bool SectionOfOldNameIsGone(LegacyName name) => SectionShape.All(typeof(SegConfig)).All(k => k.Path != name.Old);

    private static ConfigNode Node(object? value, string keyPath)
    {
        try
        {
            return ConfigNode.FromPlain(value);
        }
        catch (InvalidCastException error)
        {
            throw new SegException(
                "ConfigWrongType",
                SegErrorKind.InvalidArgument,
                $"{keyPath}: {error.Message}",
                "Use numbers, texts, truth values and lists.",
                keyPath,
                error);
        }
    }

    /// <summary>The value of a key after one change below it.</summary>
    private static ConfigNode Changed(object section, KeyShape key, string[] below, ConfigNode value, ComponentCatalog catalog)
    {
        if (below.Length == 0)
        {
            return key.Shape == ValueShape.Component && value is ConfigScalar { Value: string } name
                ? new ConfigMap(default, [new ConfigEntry("name", default, name)])
                : value;
        }

        if (ConfigTree.Value(section, key, full: true) is not ConfigMap current)
        {
            return value;
        }

        string path = string.Join('.', below);
        bool step = key.Shape is ValueShape.Steps or ValueShape.Transforms && below.Length == 1;
        if (step && value is ConfigScalar { Value: null })
        {
            return current.Without(path);
        }

        if (key.Shape == ValueShape.Component && path == "name" && value is ConfigScalar { Value: string component })
        {
            current = OnlyParametersOf(component, current, ConfigBinder.SpecsOf(key, catalog));
        }

        return ConfigPaths.Set(current, path, default, value);
    }

    private static ConfigMap OnlyParametersOf(string name, ConfigMap current, IReadOnlyList<ComponentSpec> specs)
    {
        IEnumerable<string> known = specs.FirstOrDefault(s => s.Name == name)?.Parameters.Select(p => p.Name) ?? [];
        return current with { Entries = [.. current.Entries.Where(e => e.Key == "name" || known.Contains(e.Key))] };
    }

    private static void Bind(object section, ConfigEntry entry, string[] prefix, ComponentCatalog catalog, ConfigProblems problems) =>
        new ConfigBinder(catalog, problems, partial: true).Section(new ConfigMap(default, [entry]), section, string.Join('.', prefix));
}
