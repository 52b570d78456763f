namespace MedSeg.Engine.Configuration;

/// <summary>Names of earlier versions in the schema: an editor strikes them through and tells the new name instead of reporting an error.</summary>
internal static class SchemaOldNames
{
    public static void AddTo(Dictionary<string, object?> root)
    {
        foreach (LegacyName name in LegacyNames.Table.Where(n => n.Old != n.New))
        {
            Add(root, name.Old, $"Older name of {name.New}.");
        }

        foreach ((string path, string why) in LegacyNames.Dropped.Where(d => !d.Path.Contains('*', StringComparison.Ordinal)))
        {
            Add(root, path, $"Dropped: {why}.");
        }

        foreach (string path in LegacyNames.Derived)
        {
            Add(root, path, "Written into saved files by other programs; it says nothing.");
        }
    }

    /// <summary>Adds the first part of the path that the schema does not have; what stands below an old name is not described.</summary>
    private static void Add(Dictionary<string, object?> schema, string path, string description)
    {
        foreach (string part in path.Split('.'))
        {
            // Components by name have no keys of their own to add to.
            if (schema.GetValueOrDefault("properties") is not Dictionary<string, object?> properties || schema.ContainsKey("allOf"))
            {
                return;
            }

            if (properties.TryGetValue(part, out object? known))
            {
                if (known is not Dictionary<string, object?> below || below.ContainsKey("deprecated"))
                {
                    return;
                }

                schema = below;
                continue;
            }

            properties[part] = new Dictionary<string, object?> { ["deprecated"] = true, ["description"] = description };
            return;
        }
    }
}
