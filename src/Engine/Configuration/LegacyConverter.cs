namespace MedSeg.Engine.Configuration;

/// <summary>Brings a document to today's names by <see cref="LegacyNames"/>, with a warning for every change.</summary>
internal static class LegacyConverter
{
    /// <param name="root">A document as it was read.</param>
    /// <param name="remark">Told about every change: the old key, its place, and what became of it.</param>
    public static ConfigMap Convert(ConfigMap root, Action<string, ConfigPosition, string> remark)
    {
        foreach (LegacyName name in LegacyNames.Table)
        {
            root = Rename(root, name, remark);
        }

        root = LegacyNetworks.Convert(root, remark);
        foreach ((string path, string why) in LegacyNames.Dropped)
        {
            root = Drop(root, path, why, remark);
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

    private static ConfigMap Rename(ConfigMap root, LegacyName name, Action<string, ConfigPosition, string> remark)
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

        if (name.Old != name.New && !IsBelow(name.New, name.Old) && ConfigPaths.Find(root, name.New) is not null && value.Node is not null)
        {
            return Merge(root, name, old, value.Node, remark);
        }

        remark(name.Old, old.At, value.Note ?? $"'{name.Old}' is now '{name.New}'.");
        if (value.Node is null)
        {
            return ConfigPaths.Remove(root, name.Old);
        }

        if (IsBelow(name.New, name.Old))
        {
            return ConfigPaths.Set(root, name.New, old.At, value.Node);
        }

        return SameSection(name) ? RenameInPlace(root, name, old, value.Node)
            : ConfigPaths.Set(ConfigPaths.Remove(root, name.Old), name.New, old.At, value.Node);
    }

    /// <summary>Both names are there: sections are merged, and for values the new name counts.</summary>
    private static ConfigMap Merge(
        ConfigMap root, LegacyName name, ConfigEntry old, ConfigNode value, Action<string, ConfigPosition, string> remark)
    {
        ConfigMap rest = ConfigPaths.Remove(root, name.Old);
        if (value is ConfigMap from && ConfigPaths.Find(root, name.New)?.Value is ConfigMap into)
        {
            remark(name.Old, old.At, $"'{name.Old}' is now '{name.New}'.");
            ConfigMap merged = into with { Entries = [.. into.Entries, .. from.Entries.Where(e => into.Find(e.Key) is null)] };
            return ConfigPaths.Set(rest, name.New, old.At, merged);
        }

        remark(name.Old, old.At, $"'{name.Old}' is now '{name.New}', which is also given; '{name.Old}' is dropped.");
        return rest;
    }

    private static ConfigMap Drop(ConfigMap root, string path, string why, Action<string, ConfigPosition, string> remark)
    {
        if (path.Contains('*', StringComparison.Ordinal))
        {
            string[] parts = path.Split(".*.");
            return DropInEach(root, parts[0], parts[1], why, remark);
        }

        if (ConfigPaths.Find(root, path) is not { } found || UsedByCyclic(root, path))
        {
            return root;
        }

        remark(path, found.At, $"'{path}' is dropped: {why}.");
        return ConfigPaths.Remove(root, path);
    }

    /// <summary>In one pass, so that a file with very many entries costs no more than its length.</summary>
    private static ConfigMap DropInEach(
        ConfigMap root, string section, string key, string why, Action<string, ConfigPosition, string> remark)
    {
        if (ConfigPaths.Find(root, section)?.Value is not ConfigMap map
            || !map.Entries.Any(e => (e.Value as ConfigMap)?.Find(key) is not null))
        {
            return root;
        }

        var entries = new List<ConfigEntry>();
        foreach (ConfigEntry entry in map.Entries)
        {
            ConfigEntry? found = (entry.Value as ConfigMap)?.Find(key);
            if (found is not null)
            {
                string path = $"{section}.{entry.Key}.{key}";
                remark(path, found.At, $"'{path}' is dropped: {why}.");
            }

            entries.Add(found is null ? entry : entry with { Value = ((ConfigMap)entry.Value).Without(key) });
        }

        return ConfigPaths.Set(root, section, map.At, map with { Entries = entries });
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
}
