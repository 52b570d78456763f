namespace MedSeg.Engine.Configuration;

/// <summary>Reads losses, schedules, steps and transforms, and checks their parameters against their specifications.</summary>
internal sealed class ComponentBinder(ConfigProblems problems, bool partial)
{
    /// <summary>What of a sample a transform changes.</summary>
    public static readonly ParameterSpec AppliedTo = new(
        "applied_to", ParameterKind.TextList, Choices: ["im", "gt", "roi"], Default: Array.Empty<string>(),
        Help: "Image, label and region. Without it a transform that moves voxels applies to all, DilateGT to the label, every other one to the image.");

    /// <summary>In which parts of a dataset a transform is used.</summary>
    public static readonly ParameterSpec DatasetType = new(
        "dataset_type", ParameterKind.TextList, Choices: ["training", "validation", "testing"], Default: Array.Empty<string>(),
        Help: "Parts of the dataset; without it all.");

    /// <summary>An object with a name and parameters.</summary>
    public ComponentConfig Named(ConfigMap map, IReadOnlyList<ComponentSpec> specs, string path)
    {
        if (map.Find("name") is not { } entry)
        {
            problems.Add("ConfigMissingParameter", $"{path}.name", map.At, $"the name is missing; allowed: {Describe.Components(specs)}.");
            return new ComponentConfig();
        }

        if (entry.Value is not ConfigScalar { Value: string name })
        {
            string found = Describe.Value(entry.Value.ToPlain());
            problems.Add("ConfigWrongType", $"{path}.name", entry.Value.At, $"found {found}; allowed: {Describe.Components(specs)}.");
            return new ComponentConfig();
        }

        ComponentSpec? spec = Find(name, specs, $"{path}.name", entry.Value.At);
        var component = new ComponentConfig(name, Parameters(map.Without("name"), spec, path));
        foreach (ParameterSpec parameter in spec?.Parameters.Where(p => p.ParametersOf is not null) ?? [])
        {
            Nested(map, parameter, specs, path);
        }

        return component;
    }

    /// <summary>Steps by name in file order.</summary>
    public ComponentConfig[] Steps(ConfigMap map, IReadOnlyList<ComponentSpec> specs, string path) =>
        [.. map.Entries.Select(e => Step(e, specs, path))];

    /// <summary>Transforms by name in file order.</summary>
    public TransformConfig[] Transforms(ConfigMap map, IReadOnlyList<ComponentSpec> specs, string path) =>
        [.. map.Entries.Select(e => Transform(e, specs, path))];

    /// <summary>Checks the parameters of components that a component names in a list.</summary>
    private void Nested(ConfigMap map, ParameterSpec parameter, IReadOnlyList<ComponentSpec> specs, string path)
    {
        if (map.Find(parameter.ParametersOf!)?.Value is not ConfigList names || map.Find(parameter.Name)?.Value is not ConfigList objects)
        {
            return;
        }

        foreach ((ConfigNode name, ConfigNode value, int index) in names.Items.Zip(objects.Items, Enumerable.Range(0, names.Items.Count)))
        {
            string itemPath = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{path}.{parameter.Name}[{index}]");
            if (value is ConfigMap parameters)
            {
                Parameters(parameters, specs.FirstOrDefault(s => s.Name == (name as ConfigScalar)?.Value as string), itemPath);
            }
            else if (value is not ConfigScalar { Value: null })
            {
                string found = Describe.Value(value.ToPlain());
                problems.Add("ConfigWrongType", itemPath, value.At, $"found {found}; allowed: an object of parameters, or null.");
            }
        }
    }

    private ComponentConfig Step(ConfigEntry entry, IReadOnlyList<ComponentSpec> specs, string path)
    {
        string stepPath = $"{path}.{entry.Key}";
        ComponentSpec? spec = Find(entry.Key, specs, stepPath, entry.At);
        return AsMap(entry, stepPath) is { } map ? new ComponentConfig(entry.Key, Parameters(map, spec, stepPath)) : new ComponentConfig(entry.Key);
    }

    private TransformConfig Transform(ConfigEntry entry, IReadOnlyList<ComponentSpec> specs, string path)
    {
        string stepPath = $"{path}.{entry.Key}";
        ComponentSpec? spec = Find(entry.Key, specs, stepPath, entry.At);
        if (AsMap(entry, stepPath) is not { } map)
        {
            return new TransformConfig(entry.Key);
        }

        ConfigMap own = map.Without(AppliedTo.Name).Without(DatasetType.Name);
        return new TransformConfig(entry.Key, Parameters(own, spec, stepPath, [AppliedTo.Name, DatasetType.Name]))
        {
            AppliedTo = Words(map, AppliedTo, stepPath),
            DatasetType = Words(map, DatasetType, stepPath),
        };
    }

    private ConfigMap? AsMap(ConfigEntry entry, string path)
    {
        if (entry.Value is ConfigMap map)
        {
            return map;
        }

        problems.Add(
            "ConfigWrongType",
            path,
            entry.Value.At,
            $"found {Describe.Value(entry.Value.ToPlain())}; allowed: an object of parameters, {{}} for none.");
        return null;
    }

    private string[] Words(ConfigMap map, ParameterSpec spec, string path)
    {
        if (map.Find(spec.Name) is not { } entry)
        {
            return [];
        }

        object? value = entry.Value.ToPlain();
        if (ParameterChecks.Check(spec, value) is { } fault)
        {
            problems.Add(fault.ErrorId, $"{path}.{spec.Name}", entry.Value.At, fault.Message);
            return [];
        }

        return value is object?[] list ? [.. list.Cast<string>()] : [(string)value!];
    }

    private ComponentSpec? Find(string name, IReadOnlyList<ComponentSpec> specs, string path, ConfigPosition at)
    {
        ComponentSpec? spec = specs.FirstOrDefault(s => s.Name == name);
        if (spec is null)
        {
            string? near = problems.Nearest(name, [.. specs.Select(s => s.Name)]);
            string hint = near is null ? "" : $" Did you mean '{near}'?";
            problems.Add("ConfigUnknownComponent", path, at, $"found '{name}'; allowed: {Describe.Components(specs)}.{hint}");
        }

        return spec;
    }

    private Dictionary<string, object?> Parameters(ConfigMap map, ComponentSpec? spec, string path, string[]? alsoKnown = null)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (ConfigEntry entry in map.Entries)
        {
            values[entry.Key] = entry.Value.ToPlain();
            if (spec is not null)
            {
                CheckParameter(entry, spec, path, alsoKnown ?? []);
            }
        }

        foreach (ParameterSpec missing in spec?.Parameters.Where(p => p.Required && !values.ContainsKey(p.Name) && !partial) ?? [])
        {
            problems.Add(
                "ConfigMissingParameter", $"{path}.{missing.Name}", map.At, $"{spec!.Name} needs it; allowed: {Describe.Allowed(missing)}.");
        }

        return values;
    }

    private void CheckParameter(ConfigEntry entry, ComponentSpec spec, string path, string[] alsoKnown)
    {
        string keyPath = $"{path}.{entry.Key}";
        ParameterSpec? parameter = spec.Parameters.FirstOrDefault(p => p.Name == entry.Key);
        if (parameter is null)
        {
            string[] known = [.. spec.Parameters.Select(p => p.Name), .. alsoKnown];
            string? near = problems.Nearest(entry.Key, known);
            string hint = near is not null ? $"; did you mean '{near}'?"
                : known.Length == 0 ? "; it takes no parameters." : $"; it takes {Describe.OneOf(known)}.";
            problems.Add("ConfigUnknownKey", keyPath, entry.At, $"{spec.Name} has no such parameter{hint}");
        }
        else if (ParameterChecks.Check(parameter, entry.Value.ToPlain()) is { } fault)
        {
            problems.Add(fault.ErrorId, keyPath, entry.Value.At, fault.Message);
        }
    }
}
