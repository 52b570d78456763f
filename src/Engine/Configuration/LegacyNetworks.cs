namespace MedSeg.Engine.Configuration;

/// <summary>
/// Keys of <c>default_model</c> in the section of a network: earlier versions laid the section over <c>default_model</c> when it was
/// applied. They move there, or are dropped where the network is not applied and they said nothing.
/// </summary>
internal static class LegacyNetworks
{
    private const string Common = "default_model";

    public static ConfigMap Convert(ConfigMap root, Action<string, ConfigPosition, string> remark)
    {
        string[] common = [.. SectionShape.Of(typeof(DefaultModelConfig)).Keys.Select(k => k.Key)];
        foreach (string name in LegacyNames.NetworkSections)
        {
            if (root.Find(name)?.Value is ConfigMap section)
            {
                IReadOnlyList<KeyShape> own = SectionShape.Of(SectionShape.Of(typeof(SegConfig)).Find(name)!.Property.PropertyType).Keys;
                bool applied = section.Find("applied")?.Value is ConfigScalar { Value: true };
                foreach (ConfigEntry entry in section.Entries.Where(e => common.Contains(e.Key) && own.All(k => k.Key != e.Key)))
                {
                    root = Move(root, name, entry, applied, remark);
                }
            }
        }

        return root;
    }

    private static ConfigMap Move(
        ConfigMap root, string section, ConfigEntry entry, bool applied, Action<string, ConfigPosition, string> remark)
    {
        string path = $"{section}.{entry.Key}";
        root = ConfigPaths.Remove(root, path);
        if (entry.Key == "name")
        {
            remark(path, entry.At, $"'{path}' is dropped: the section itself names the network.");
            return root;
        }

        if (!applied)
        {
            remark(path, entry.At, $"'{path}' is dropped: {section} is not applied.");
            return root;
        }

        remark(path, entry.At, $"'{path}' is now '{Common}.{entry.Key}'.");
        return ConfigPaths.Set(root, $"{Common}.{entry.Key}", entry.At, entry.Value);
    }
}
