using System.Management.Automation;
using System.Reflection;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace MedSeg.Shell.Commands;

/// <summary>Format-Table over the engine's own formatter.</summary>
[Cmdlet(VerbsCommon.Format, "Table")]
public sealed class FormatTableCommand : OuterFormatTableBase
{
    public FormatTableCommand() => Formatter.Use(this, "Table");
}

/// <summary>Format-List over the engine's own formatter.</summary>
[Cmdlet(VerbsCommon.Format, "List")]
public sealed class FormatListCommand : OuterFormatTableAndListBase
{
    public FormatListCommand() => Formatter.Use(this, "List");
}

/// <summary>The engine has the formatter and the cmdlets' bases; only the two cmdlets that join them are in another module.</summary>
internal static class Formatter
{
    private const BindingFlags Internal = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    public static void Use(FrontEndCommandBase command, string shape)
    {
        Assembly engine = typeof(FrontEndCommandBase).Assembly;
        string space = typeof(FrontEndCommandBase).Namespace!;
        object value = Enum.Parse(engine.GetType($"{space}.FormatShape", throwOnError: true)!, shape);
        object formatter = Activator.CreateInstance(engine.GetType($"{space}.InnerFormatShapeCommand", throwOnError: true)!, Internal, null, [value], null)!;
        typeof(FrontEndCommandBase).GetField("implementation", Internal)!.SetValue(command, formatter);
    }
}
