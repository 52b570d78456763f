namespace MedSeg.Engine.Configuration;

/// <summary>Reads and changes nested maps by key path, leaving the originals as they are.</summary>
internal static class ConfigPaths
{
    public static ConfigEntry? Find(ConfigMap map, string path)
    {
        (string first, string? rest) = Split(path);
        ConfigEntry? entry = map.Find(first);
        return rest is null ? entry : entry?.Value is ConfigMap below ? Find(below, rest) : null;
    }

    /// <summary>The map without a key; sections around it stay.</summary>
    public static ConfigMap Remove(ConfigMap map, string path)
    {
        (string first, string? rest) = Split(path);
        if (rest is null)
        {
            return map.Without(first);
        }

        return map.Find(first) is { Value: ConfigMap below } entry ? map.With(entry with { Value = Remove(below, rest) }) : map;
    }

    /// <summary>The map with a value; sections on the way are created where they are missing, or replaced where they are no section.</summary>
    public static ConfigMap Set(ConfigMap map, string path, ConfigPosition keyAt, ConfigNode value)
    {
        (string first, string? rest) = Split(path);
        if (rest is null)
        {
            return map.With(new ConfigEntry(first, keyAt, value));
        }

        ConfigEntry? entry = map.Find(first);
        ConfigMap below = entry?.Value as ConfigMap ?? new ConfigMap(keyAt, []);
        return map.With(new ConfigEntry(first, entry?.At ?? keyAt, Set(below, rest, keyAt, value)));
    }

    private static (string First, string? Below) Split(string path)
    {
        int dot = path.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? (path, null) : (path[..dot], path[(dot + 1)..]);
    }
}
