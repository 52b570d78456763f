namespace MedSeg.Engine.Configuration;

/// <summary>The known name that a misspelt one most likely means.</summary>
internal static class NearestName
{
    private const int ShortestStart = 4;

    /// <summary>
    /// The candidate with the fewest edits (insert, delete, replace, swap neighbours), else one that starts with the name, else
    /// null.
    /// </summary>
    public static string? Of(string name, IReadOnlyCollection<string> candidates)
    {
        int limit = Math.Max(2, name.Length / 3);
        return candidates
            .Select(c => (Name: c, Distance: Distance(Normal(name), Normal(c))))
            .Where(c => c.Distance <= limit && c.Distance < Math.Max(name.Length, c.Name.Length))
            .OrderBy(c => c.Distance).ThenBy(c => c.Name, StringComparer.Ordinal)
            .Select(c => c.Name)
            .FirstOrDefault() ?? candidates.FirstOrDefault(c => StartsWith(c, name));
    }

    private static bool StartsWith(string candidate, string name) =>
        name.Length >= ShortestStart && Normal(candidate).StartsWith(Normal(name), StringComparison.Ordinal);

    /// <summary>Case and separators do not count.</summary>
    private static string Normal(string name) =>
        (name.Length > 80 ? name[..80] : name).Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>Optimal string alignment distance.</summary>
    private static int Distance(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            table[i, 0] = i;
        }

        for (int j = 0; j <= b.Length; j++)
        {
            table[0, j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int replace = table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                table[i, j] = Math.Min(replace, Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
                }
            }
        }

        return table[a.Length, b.Length];
    }
}
