using System.Management.Automation;

namespace MedSeg.Build.Help;

/// <summary>What every cmdlet's documentation must have.</summary>
internal static class HelpRules
{
    /// <summary>One sentence per gap.</summary>
    public static IReadOnlyList<string> Check(IReadOnlyList<CmdletInfo> cmdlets, XmlDocumentation texts) =>
        cmdlets.Count == 0 ? ["The module exports no cmdlet."] : [.. cmdlets.SelectMany(c => Check(c, texts))];

    /// <summary>The cmdlet's own parameters.</summary>
    public static IEnumerable<string> OwnParameters(CmdletInfo cmdlet) =>
        cmdlet.Parameters.Keys.Where(p => !Cmdlet.CommonParameters.Contains(p) && !Cmdlet.OptionalCommonParameters.Contains(p)).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Check(CmdletInfo cmdlet, XmlDocumentation texts)
    {
        Type type = cmdlet.ImplementingType;
        if (texts.Synopsis(type).Length == 0)
            yield return $"{cmdlet.Name} has no synopsis: give {type.Name} a <summary>.";
        if (texts.Description(type).Count == 0)
            yield return $"{cmdlet.Name} has no description: give {type.Name} <remarks>.";
        int examples = texts.Examples(type).Count;
        if (examples < 2)
            yield return $"{cmdlet.Name} has {examples} examples with <para> and <code>: give {type.Name} at least two.";
        foreach (string parameter in OwnParameters(cmdlet).Where(p => texts.Parameter(type, p).Length == 0))
            yield return $"{cmdlet.Name} -{parameter} has no text: give the property a <summary>.";
    }
}
