using System.Diagnostics;
using MedSeg.Cmdlets.Tests.House;

namespace MedSeg.Cmdlets.Tests.Support;

/// <summary>Runs the shell in a terminal, as seen by the shell.</summary>
internal static class Terminal
{
    /// <summary>Makes a pseudo terminal.</summary>
    public const string Program = "/usr/bin/script";

    /// <summary>Runs a script file and returns the exit code and everything that reached the terminal.</summary>
    public static async Task<(int ExitCode, string Output)> Run(string script, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Program, ["-qec", $"dotnet '{Child.ShellAssembly}' '{script}'", "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["TERM"] = "xterm" },
        };
        start.Environment.Remove("NO_COLOR");
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }
}
