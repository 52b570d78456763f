namespace MedSeg.Engine.Configuration;

/// <summary>The document of a configuration: the inverse of <see cref="ConfigBinder"/>.</summary>
internal static class ConfigTree
{
    /// <summary>All keys of a section.</summary>
    /// <param name="section">A configuration or one of its sections.</param>
    /// <param name="full">Also keys that files leave out: nulls that are the default, and sections in their default state.</param>
    public static ConfigMap Of(object section, bool full)
    {
        SectionShape shape = SectionShape.Of(section.GetType());
        var entries = new List<ConfigEntry>();
        foreach (KeyShape key in shape.Keys)
        {
            ConfigNode value = Value(section, key, full);
            if (full || !LeaveOut(key, value, shape.Default))
            {
                entries.Add(new ConfigEntry(key.Key, default, value));
            }
        }

        return new ConfigMap(default, entries);
    }

    /// <summary>The value of one key.</summary>
    public static ConfigNode Value(object section, KeyShape key, bool full)
    {
        object? value = key.Property.GetValue(section);
        return (key.Shape, value) switch
        {
            (_, null) => new ConfigScalar(default, null),
            (ValueShape.Section, _) => Of(value, full),
            (ValueShape.Component, _) => Named((ComponentConfig)value),
            (ValueShape.Steps or ValueShape.Transforms, _) => Steps((ComponentConfig[])value),
            (ValueShape.TargetSuffixes, _) => Suffixes((LoaderConfig)section),
            _ => ConfigNode.FromPlain(value),
        };
    }

    private static bool LeaveOut(KeyShape key, ConfigNode value, object defaults)
    {
        ConfigNode usual = Value(defaults, key, full: false);
        bool nothing = value is ConfigScalar { Value: null } && usual is ConfigScalar { Value: null };
        return nothing || (key.OmitDefault && ConfigJson.Write(value) == ConfigJson.Write(usual));
    }

    private static ConfigNode Suffixes(LoaderConfig loader) =>
        ConfigNode.FromPlain(loader.TargetSuffixRaters is { Length: > 0 } raters ? raters : loader.TargetSuffix);

    private static ConfigMap Named(ComponentConfig component) =>
        new(default, [Entry("name", component.Name), .. Parameters(component)]);

    private static ConfigMap Steps(ComponentConfig[] steps) =>
        new(default, [.. steps.Select(s => new ConfigEntry(s.Name, default, new ConfigMap(default, [.. Parameters(s)])))]);

    private static IEnumerable<ConfigEntry> Parameters(ComponentConfig component)
    {
        IEnumerable<ConfigEntry> own = component.Parameters.Select(p => Entry(p.Key, p.Value));
        if (component is TransformConfig transform)
        {
            own = own.Concat(Places("applied_to", transform.AppliedTo)).Concat(Places("dataset_type", transform.DatasetType));
        }

        return own;
    }

    private static ConfigEntry[] Places(string key, string[] words) => words.Length == 0 ? [] : [Entry(key, words)];

    private static ConfigEntry Entry(string key, object? value) => new(key, default, ConfigNode.FromPlain(value));
}
