using System.Reflection;
using System.Xml.Linq;

namespace MedSeg.Engine.Configuration;

/// <summary>
/// What keys mean, from the docstrings of their properties, which are embedded in the assembly: the reference of docs/configuration.md
/// and the JSON Schema say the same words.
/// </summary>
internal static class KeySummaries
{
    private const string Resource = "MedSeg.Abstractions.xml";

    private static readonly Lazy<Dictionary<string, string>> Texts = new(Read);

    /// <summary>The docstring's text on one line.</summary>
    /// <exception cref="InvalidOperationException">The property has none.</exception>
    public static string Of(KeyShape key) =>
        Texts.Value.TryGetValue($"P:{key.Property.DeclaringType!.FullName}.{key.Property.Name}", out string? summary)
            ? summary
            : throw new InvalidOperationException($"{key.Property.DeclaringType.Name}.{key.Property.Name} has no summary.");

    private static Dictionary<string, string> Read()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{Resource} is not embedded.");
        return XDocument.Load(stream).Descendants("member").Where(m => m.Element("summary") is not null).ToDictionary(
            m => m.Attribute("name")!.Value,
            m => string.Join(' ', m.Element("summary")!.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
    }
}
