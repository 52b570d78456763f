namespace MedSeg.Engine.Configuration;

/// <summary>Brings a document to today's names by <see cref="LegacyNames"/>, with a warning for every change.</summary>
internal static class LegacyConverter
{
    public static ConfigMap Convert(ConfigMap root, string source, Action<string> warn)
    {
        foreach (LegacyName name in LegacyNames.Table)
        {
            root = Rename(root, name, source, warn);
        }

        foreach ((string path, string why) in LegacyNames.Dropped)
        {
            root = Drop(root, path, why, source, warn);
        }

        foreach (string path in LegacyNames.Derived)
        {
            root = ConfigPaths.Remove(root, path);
        }

        foreach (string path in LegacyNames.EmptySections)
        {
            if (ConfigPaths.Find(root, path) is { Value: ConfigMap { Entries.Count: 0 } })
            {
                root = ConfigPaths.Remove(root, path);
            }
        }

        return root;
    }

    private static ConfigMap Rename(ConfigMap root, LegacyName name, string source, Action<string> warn)
    {
        if (ConfigPaths.Find(root, name.Old) is not { } old)
        {
            return root;
        }

        LegacyValue value = name.Change is null ? new LegacyValue(old.Value) : name.Change(old.Value, new LegacyContext(root));
        if (!value.Changed)
        {
            return root;
        }

        string place = Place(source, old.At);
        if (name.Old != name.New && !IsBelow(name.New, name.Old) && ConfigPaths.Find(root, name.New) is not null && value.Node is not null)
        {
            return Merge(root, name, old, value.Node, place, warn);
        }

        warn(place + (value.Note ?? $"'{name.Old}' is now '{name.New}'."));
        if (value.Node is null)
        {
            return ConfigPaths.Remove(root, name.Old);
        }

        return SameSection(name) ? RenameInPlace(root, name, old, value.Node)
            : ConfigPaths.Set(ConfigPaths.Remove(root, name.Old), name.New, old.At, value.Node);
    }

    /// <summary>Both names are there: sections are merged, and for values the new name counts.</summary>
    private static ConfigMap Merge(ConfigMap root, LegacyName name, ConfigEntry old, ConfigNode value, string place, Action<string> warn)
    {
        ConfigMap rest = ConfigPaths.Remove(root, name.Old);
        if (value is ConfigMap from && ConfigPaths.Find(root, name.New)?.Value is ConfigMap into)
        {
            warn($"{place}'{name.Old}' is now '{name.New}'.");
            ConfigMap merged = into with { Entries = [.. into.Entries, .. from.Entries.Where(e => into.Find(e.Key) is null)] };
            return ConfigPaths.Set(rest, name.New, old.At, merged);
        }

        warn($"{place}'{name.Old}' is now '{name.New}', which is also given; '{name.Old}' is dropped.");
        return rest;
    }

    private static ConfigMap Drop(ConfigMap root, string path, string why, string source, Action<string> warn)
    {
        if (path.Contains('*', StringComparison.Ordinal))
        {
            string[] parts = path.Split(".*.");
            foreach (ConfigEntry entry in (ConfigPaths.Find(root, parts[0])?.Value as ConfigMap)?.Entries ?? [])
            {
                root = Drop(root, $"{parts[0]}.{entry.Key}.{parts[1]}", why, source, warn);
            }

            return root;
        }

        if (ConfigPaths.Find(root, path) is not { } found || UsedByCyclic(root, path))
        {
            return root;
        }

        warn($"{Place(source, found.At)}'{path}' is dropped: {why}.");
        return ConfigPaths.Remove(root, path);
    }

    /// <summary>base_lr and max_lr are written beside every schedule and belong to one (D-03, D-07).</summary>
    private static bool UsedByCyclic(ConfigMap root, string path)
    {
        const string Scheduler = "training_parameters.scheduler.lr_scheduler";
        return path.StartsWith(Scheduler, StringComparison.Ordinal)
            && (ConfigPaths.Find(root, Scheduler + ".name")?.Value as ConfigScalar)?.Value is not ("CosineAnnealingLR" or "CosineAnnealingWarmRestarts");
    }

    private static bool SameSection(LegacyName name) => Section(name.Old) == Section(name.New);

    private static string Section(string path) => path.LastIndexOf('.') is var dot and >= 0 ? path[..dot] : "";

    private static bool IsBelow(string path, string section) => path.StartsWith(section + ".", StringComparison.Ordinal);

    /// <summary>A renamed transform or step keeps its place among the others.</summary>
    private static ConfigMap RenameInPlace(ConfigMap root, LegacyName name, ConfigEntry old, ConfigNode value)
    {
        string section = Section(name.Old);
        ConfigMap map = section.Length == 0 ? root : (ConfigMap)ConfigPaths.Find(root, section)!.Value;
        string key = name.New[(section.Length == 0 ? 0 : section.Length + 1)..];
        ConfigMap renamed = map with { Entries = [.. map.Entries.Select(e => ReferenceEquals(e, old) ? new ConfigEntry(key, old.At, value) : e)] };
        return section.Length == 0 ? renamed : ConfigPaths.Set(root, section, map.At, renamed);
    }

    private static string Place(string source, ConfigPosition at) => at.Line > 0 ? $"{source}, line {at.Line}: " : $"{source}: ";
}
