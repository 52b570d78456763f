using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace MedSeg.Shell.Commands;

/// <summary>
/// The few commands that plain scripts cannot do without and that a bare engine lacks: they come with PowerShell's own Utility and
/// Management modules, which cannot be had as a package. Same names and main parameters, a small part of the behaviour.
/// </summary>
internal static class BasicCommands
{
    /// <summary>Every cmdlet of this assembly.</summary>
    public static IReadOnlyList<SessionStateCommandEntry> All { get; } =
    [
        .. typeof(BasicCommands).Assembly.GetTypes()
            .Select(type => (type, attribute: type.GetCustomAttribute<CmdletAttribute>()))
            .Where(c => c.attribute is not null)
            .Select(c => new SessionStateCmdletEntry($"{c.attribute!.VerbName}-{c.attribute.NounName}", c.type, helpFileName: null)),
    ];
}
