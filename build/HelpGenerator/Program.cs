using System.Management.Automation;
using System.Management.Automation.Runspaces;
using MedSeg.Build.Help;

// Usage: HelpGenerator ASSEMBLY XMLDOC MANIFEST-TEMPLATE VERSION OUTPUT-FOLDER
// Writes OUTPUT-FOLDER/MedSeg.psd1 and OUTPUT-FOLDER/en-US/<assembly>-Help.xml; an incomplete documentation is an error.
if (args.Length != 5)
{
    Console.Error.WriteLine("HelpGenerator ASSEMBLY XMLDOC MANIFEST-TEMPLATE VERSION OUTPUT-FOLDER");
    return 2;
}

(string assembly, string documentation, string template, string version, string output) = (args[0], args[1], args[2], args[3], args[4]);
IReadOnlyList<CmdletInfo> cmdlets = ImportCmdlets(assembly, out IReadOnlyList<string> aliases);
var texts = new XmlDocumentation(documentation);
IReadOnlyList<string> problems = HelpRules.Check(cmdlets, texts);
foreach (string problem in problems)
    Console.Error.WriteLine($"{documentation}: error MEDSEG001: {problem}");
if (problems.Count > 0)
    return 1;

string help = Path.Combine(output, "en-US", Path.GetFileName(assembly) + "-Help.xml");
Directory.CreateDirectory(Path.GetDirectoryName(help)!);
MamlWriter.Write(help, cmdlets, texts);
ManifestWriter.Write(template, Path.Combine(output, "MedSeg.psd1"), version, [.. cmdlets.Select(c => c.Name)], aliases);
return 0;

static IReadOnlyList<CmdletInfo> ImportCmdlets(string assembly, out IReadOnlyList<string> aliases)
{
    using Runspace runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
    runspace.Open();
    using var shell = PowerShell.Create(runspace);
    shell.AddCommand("Import-Module").AddParameter("Name", assembly).AddParameter("PassThru").AddParameter("ErrorAction", "Stop");
    var module = (PSModuleInfo)shell.Invoke()[0].BaseObject;
    aliases = [.. module.ExportedAliases.Keys.Order(StringComparer.Ordinal)];
    return [.. module.ExportedCmdlets.Values.OrderBy(c => c.Name, StringComparer.Ordinal).Select(Complete)];
}

// Parameter sets are worked out while the runspace is open.
static CmdletInfo Complete(CmdletInfo cmdlet)
{
    _ = cmdlet.ParameterSets;
    _ = cmdlet.OutputType;
    return cmdlet;
}
