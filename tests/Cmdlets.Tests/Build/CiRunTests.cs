using System.Diagnostics;
using System.Text.RegularExpressions;
using MedSeg.Cmdlets.Tests.Support;
using Xunit;

namespace MedSeg.Cmdlets.Tests.Build;

/// <summary>.ci/run with stand-ins for dotnet and pwsh, as after a clone that keeps no execute bits: what it runs and what it sums up.</summary>
public sealed partial class CiRunTests : IDisposable
{
    private const string Test = "test) echo 'Passed!  - Failed:     0, Passed:    14, Skipped:     2, Total:    16, Duration: 1 s - a.dll';;";

    private readonly string _folder = Directory.CreateTempSubdirectory("medseg-ci-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [BashFact]
    public async Task Sums_up_dotnet_and_Pester()
    {
        (int exitCode, string last) = await Run($"case $1 in {Test} esac", "case $3 in -File) echo 'Pester: passed 5, failed 0, skipped 1';; esac");

        Assert.Equal((0, "19 passed, 0 failed, 3 skipped"), (exitCode, last));
    }

    [BashFact]
    public async Task Does_not_run_the_tests_again_where_Pester_is_missing()
    {
        (int exitCode, string last) = await Run($"case $1 in {Test} esac", $"case $3 in -Command) exit 1;; -File) set -- test; case $1 in {Test} esac;; esac");

        Assert.Equal((0, "14 passed, 0 failed, 2 skipped"), (exitCode, last));
    }

    [BashFact]
    public async Task Counts_a_step_that_fails_without_a_failed_test()
    {
        (int exitCode, string last) = await Run($"case $1 in {Test} run) exit 1;; esac", "exit 1");

        Assert.Equal((1, "14 passed, 1 failed, 2 skipped"), (exitCode, last));
    }

    [BashFact]
    public async Task Fails_when_no_test_ran()
    {
        (int exitCode, string last) = await Run("exit 0", "exit 1");

        Assert.Equal((1, "0 passed, 1 failed, 0 skipped"), (exitCode, last));
    }

    /// <summary>Exit code and last line, which is the only one of its form.</summary>
    private async Task<(int ExitCode, string Last)> Run(string dotnet, string pwsh)
    {
        string script = Path.Combine(_folder, ".ci", "run");
        Directory.CreateDirectory(Path.GetDirectoryName(script)!);
        await File.WriteAllTextAsync(script, await File.ReadAllTextAsync(Path.Combine(Repository.Root, ".ci", "run")));
        await Program("dotnet", dotnet);
        await Program("pwsh", pwsh);
        using Process process = Process.Start(new ProcessStartInfo("bash", [script])
        {
            RedirectStandardOutput = true,
            Environment = { ["PATH"] = _folder + ":" + Environment.GetEnvironmentVariable("PATH") },
        })!;
        string[] lines = (await process.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await process.WaitForExitAsync();
        Assert.Equal(lines[^1], Assert.Single(lines, line => Sum().IsMatch(line)));
        return (process.ExitCode, lines[^1]);
    }

    private async Task Program(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        await File.WriteAllTextAsync(path, $"#!/bin/sh\n{text}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    [GeneratedRegex("[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped")]
    private static partial Regex Sum();
}
