using System.Diagnostics;
using MedSeg.Cmdlets.Tests.Support;

namespace MedSeg.Cmdlets.Tests.House;

/// <summary>What a child process did.</summary>
internal sealed record ChildResult(int ExitCode, string Output, string Error)
{
    /// <summary>Lines of standard output without the empty ones.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>The shell as a process of its own, as a user starts it.</summary>
internal static class Child
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Starts medseg and waits for its end.</summary>
    /// <param name="folder">The current location; null for that of the tests.</param>
    public static async Task<ChildResult> Run(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? folder = null)
    {
        using Process process = Start(arguments, environment, folder);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await WaitForExit(process);
        return new ChildResult(process.ExitCode, (await output).ReplaceLineEndings("\n"), (await error).ReplaceLineEndings("\n"));
    }

    /// <summary>Waits for the end of a process, which is killed when that takes too long.</summary>
    public static async Task WaitForExit(Process process)
    {
        using var timeout = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Starts medseg.</summary>
    /// <param name="folder">The current location; null for that of the tests.</param>
    public static Process Start(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? folder = null)
    {
        var start = new ProcessStartInfo("dotnet", [ShellAssembly, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = folder ?? "",
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Full path of medseg.dll.</summary>
    public static string ShellAssembly
    {
        get
        {
            string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Parent!.Name;
            return Path.Combine(Repository.Root, "src", "Shell", "bin", configuration, "net10.0", "medseg.dll");
        }
    }
}
