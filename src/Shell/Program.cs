using System.Text;
using MedSeg.Shell;
using MedSeg.Shell.Hosting;

CommandLine command = CommandLine.Parse(args);
if (command.Problem is not null)
{
    Console.Error.WriteLine(command.Problem);
    Console.Error.WriteLine(CommandLine.Usage);
    return CommandLine.UsageExitCode;
}

if (command.ShowHelp)
{
    Console.WriteLine(CommandLine.Usage);
    return 0;
}

string? module = ModuleLocator.Find(AppContext.BaseDirectory, ModuleLocator.OwnVersion);
if (module is null)
{
    Console.Error.WriteLine(
        $"The MedSeg module {ModuleLocator.OwnVersion} is neither beside medseg nor in artifacts/MedSeg. Build it: dotnet build src/Cmdlets -c Release");
    return 1;
}

if (!OperatingSystem.IsWindows() || Console.IsOutputRedirected)
    Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
using var session = new ShellSession(module, command);
return session.Run();
