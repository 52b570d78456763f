using System.Globalization;
using System.Management.Automation;
using System.Xml.Linq;

namespace MedSeg.Build.Help;

/// <summary>Writes the help file that Get-Help reads (MAML).</summary>
internal static class MamlWriter
{
    private static readonly XNamespace Help = "http://msh";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    private static readonly Dictionary<string, string> ShouldProcessTexts = new(StringComparer.Ordinal)
    {
        ["WhatIf"] = "Shows what would happen; nothing is written.",
        ["Confirm"] = "Asks before anything is written.",
    };

    public static void Write(string path, IReadOnlyList<CmdletInfo> cmdlets, XmlDocumentation texts)
    {
        var root = new XElement(Help + "helpItems", new XAttribute("schema", "maml"), cmdlets.Select(c => CommandOf(c, texts)));
        new XDocument(new XDeclaration("1.0", "utf-8", null), root).Save(path);
    }

    private static XElement CommandOf(CmdletInfo cmdlet, XmlDocumentation texts)
    {
        Type type = cmdlet.ImplementingType;
        return new XElement(
            Command + "command",
            new XAttribute(XNamespace.Xmlns + "maml", Maml),
            new XAttribute(XNamespace.Xmlns + "command", Command),
            new XAttribute(XNamespace.Xmlns + "dev", Dev),
            new XElement(
                Command + "details",
                new XElement(Command + "name", cmdlet.Name),
                new XElement(Command + "verb", cmdlet.Verb),
                new XElement(Command + "noun", cmdlet.Noun),
                Paragraphs(Maml + "description", texts.Synopsis(type))),
            Paragraphs(Maml + "description", [.. texts.Description(type)]),
            new XElement(Command + "syntax", cmdlet.ParameterSets.Select(s => SyntaxOf(cmdlet, s, texts))),
            new XElement(Command + "parameters", AllParameters(cmdlet).Select(p => ParameterOf(cmdlet, p, texts))),
            new XElement(Command + "inputTypes", InputTypes(cmdlet).Select(t => TypeOf("inputType", t))),
            new XElement(Command + "returnValues", cmdlet.OutputType.Select(t => TypeOf("returnValue", t.Name))),
            new XElement(Command + "examples", texts.Examples(type).Select(ExampleOf)));
    }

    private static XElement SyntaxOf(CmdletInfo cmdlet, CommandParameterSetInfo set, XmlDocumentation texts) => new(
        Command + "syntaxItem",
        new XElement(Maml + "name", cmdlet.Name),
        set.Parameters
            .Where(p => !Cmdlet.CommonParameters.Contains(p.Name))
            .OrderBy(p => p.Position < 0 ? int.MaxValue : p.Position).ThenByDescending(p => p.IsMandatory)
            .Select(p => ParameterOf(cmdlet, p, texts)));

    private static IEnumerable<CommandParameterInfo> AllParameters(CmdletInfo cmdlet) => cmdlet.ParameterSets
        .SelectMany(s => s.Parameters)
        .Where(p => !Cmdlet.CommonParameters.Contains(p.Name))
        .GroupBy(p => p.Name, StringComparer.Ordinal)
        .Select(g => g.First())
        .OrderBy(p => p.Name, StringComparer.Ordinal);

    private static XElement ParameterOf(CmdletInfo cmdlet, CommandParameterInfo parameter, XmlDocumentation texts)
    {
        string text = ShouldProcessTexts.GetValueOrDefault(parameter.Name) ?? texts.Parameter(cmdlet.ImplementingType, parameter.Name);
        string type = TypeName(parameter.ParameterType);
        bool isSwitch = parameter.ParameterType == typeof(SwitchParameter);
        return new XElement(
            Command + "parameter",
            new XAttribute("required", parameter.IsMandatory ? "true" : "false"),
            new XAttribute("globbing", parameter.Attributes.OfType<SupportsWildcardsAttribute>().Any() ? "true" : "false"),
            new XAttribute("pipelineInput", PipelineInput(parameter)),
            new XAttribute("position", parameter.Position < 0 ? "named" : parameter.Position.ToString(CultureInfo.InvariantCulture)),
            new XAttribute("aliases", parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases)),
            new XElement(Maml + "name", parameter.Name),
            Paragraphs(Maml + "description", text),
            isSwitch ? null : new XElement(Command + "parameterValue", new XAttribute("required", "true"), new XAttribute("variableLength", "false"), type),
            new XElement(Dev + "type", new XElement(Maml + "name", type), new XElement(Maml + "uri")));
    }

    private static string PipelineInput(CommandParameterInfo parameter) =>
        (parameter.ValueFromPipeline, parameter.ValueFromPipelineByPropertyName) switch
        {
            (true, true) => "True (ByValue, ByPropertyName)",
            (true, false) => "True (ByValue)",
            (false, true) => "True (ByPropertyName)",
            _ => "False",
        };

    private static string[] InputTypes(CmdletInfo cmdlet)
    {
        string[] types = [.. cmdlet.ParameterSets.SelectMany(s => s.Parameters).Where(p => p.ValueFromPipeline).Select(p => FullTypeName(p.ParameterType)).Distinct()];
        return types.Length > 0 ? types : ["None"];
    }

    private static string TypeName(Type type) =>
        Nullable.GetUnderlyingType(type) is { } inner ? TypeName(inner)
        : type.IsArray ? TypeName(type.GetElementType()!) + "[]"
        : type.Name;

    /// <summary>With the namespace, as for outputs: what a script would write.</summary>
    private static string FullTypeName(Type type) =>
        type.IsArray ? FullTypeName(type.GetElementType()!) + "[]" : type.FullName!;

    private static XElement TypeOf(string element, string name) =>
        new(Command + element, new XElement(Dev + "type", new XElement(Maml + "name", name), new XElement(Maml + "uri")));

    private static XElement ExampleOf(Example example, int index) => new(
        Command + "example",
        new XElement(Maml + "title", $"-------------------------- Example {index + 1} --------------------------"),
        new XElement(Dev + "code", example.Code),
        Paragraphs(Dev + "remarks", example.Title, "")); // Get-Help puts nothing else between two examples.

    private static XElement Paragraphs(XName name, params string[] paragraphs) =>
        new(name, paragraphs.Select(p => new XElement(Maml + "para", p)));
}
