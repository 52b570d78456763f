using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace MedSeg.Cmdlets.Configuration;

/// <summary>Takes PowerShell's wrappers off values, so that the engine sees plain ones.</summary>
internal static class PlainValues
{
    /// <summary>The pairs of a hashtable; keys become text.</summary>
    public static Dictionary<string, object?> Of(IDictionary? values)
    {
        var plain = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (DictionaryEntry pair in values ?? new Hashtable())
        {
            plain[Key(pair.Key)] = Of(pair.Value);
        }

        return plain;
    }

    /// <summary>Numbers, texts and truth values as they are, lists as arrays, hashtables and custom objects as dictionaries.</summary>
    public static object? Of(object? value) => value switch
    {
        PSObject { BaseObject: PSCustomObject } custom =>
            custom.Properties.ToDictionary(p => p.Name, p => Of(p.Value), StringComparer.Ordinal),
        PSObject wrapped => Of(wrapped.BaseObject),
        IDictionary map => Of(map),
        string text => text,
        SwitchParameter flag => flag.IsPresent,
        Enum word => word.ToString(),
        IEnumerable list => list.Cast<object?>().Select(Of).ToArray(),
        _ => value,
    };

    private static string Key(object key) => Convert.ToString(key is PSObject wrapped ? wrapped.BaseObject : key, CultureInfo.InvariantCulture) ?? "";
}
