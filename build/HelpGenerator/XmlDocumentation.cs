using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace MedSeg.Build.Help;

/// <summary>One example of a cmdlet.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Code">What the user types.</param>
internal sealed record Example(string Title, string Code);

/// <summary>The texts of the compiler's documentation file.</summary>
internal sealed partial class XmlDocumentation(string path)
{
    private readonly Dictionary<string, XElement> _members = XDocument.Load(path, LoadOptions.PreserveWhitespace)
        .Descendants("member").ToDictionary(m => m.Attribute("name")!.Value, StringComparer.Ordinal);

    /// <summary>The summary of a cmdlet's class.</summary>
    public string Synopsis(Type cmdlet) => Text(Member("T:" + cmdlet.FullName)?.Element("summary"));

    /// <summary>The remarks of a cmdlet's class, paragraph by paragraph.</summary>
    public IReadOnlyList<string> Description(Type cmdlet)
    {
        XElement? remarks = Member("T:" + cmdlet.FullName)?.Element("remarks");
        if (remarks is null)
            return [];
        IEnumerable<string> paragraphs = remarks.Elements("para").Any()
            ? [Text(new XElement("x", remarks.Nodes().Where(n => n is not XElement { Name.LocalName: "para" }))), .. remarks.Elements("para").Select(Text)]
            : [Text(remarks)];
        return [.. paragraphs.Where(p => p.Length > 0)];
    }

    /// <summary>The examples of a cmdlet's class.</summary>
    public IReadOnlyList<Example> Examples(Type cmdlet) =>
    [
        .. (Member("T:" + cmdlet.FullName)?.Elements("example") ?? [])
            .Select(e => new Example(Text(e.Element("para")), Code(e.Element("code")?.Value ?? "")))
            .Where(e => e.Title.Length > 0 && e.Code.Length > 0),
    ];

    /// <summary>The summary of a parameter's property, wherever it is declared.</summary>
    public string Parameter(Type cmdlet, string name)
    {
        PropertyInfo? property = cmdlet.GetProperty(name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.FlattenHierarchy);
        return property is null ? "" : Text(Member($"P:{property.DeclaringType!.FullName}.{name}")?.Element("summary"));
    }

    private XElement? Member(string name) => _members.GetValueOrDefault(name.Replace('+', '.'));

    private static string Code(string code)
    {
        string[] lines = code.Trim('\r', '\n', ' ').Split('\n');
        int indent = lines.Skip(1).Where(l => l.Trim().Length > 0).Select(l => l.Length - l.TrimStart().Length).DefaultIfEmpty(0).Min();
        return string.Join('\n', lines.Select((l, i) => (i == 0 || l.Length < indent ? l : l[indent..]).TrimEnd()));
    }

    private static string Text(XElement? element) =>
        element is null ? "" : Spaces().Replace(string.Concat(element.Nodes().Select(Text)), " ").Trim();

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" or "seealso" or "paramref" or "typeparamref" } e when e.IsEmpty => Name(e),
        XElement e => string.Concat(e.Nodes().Select(Text)),
        _ => "",
    };

    private static string Name(XElement reference)
    {
        string name = (reference.Attribute("langword") ?? reference.Attribute("name") ?? reference.Attribute("href"))?.Value
            ?? reference.Attribute("cref")?.Value.Split('(')[0].Split('.')[^1].Split(':')[^1]
            ?? "";
        return name.EndsWith("Parameter", StringComparison.Ordinal) ? name[..^"Parameter".Length] : name;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
