using System.Diagnostics;
using MedSeg.Cmdlets.Tests.Specs;
using MedSeg.Cmdlets.Tests.Support;
using Xunit;

namespace MedSeg.Cmdlets.Tests.StandIn;

/// <summary>Where real PowerShell and Pester 5 are installed: both must say the same about the same specs.</summary>
public class PesterParityTests
{
    private const string Script = """
        $configuration = New-PesterConfiguration
        $configuration.Run.Path = $env:SPEC_FILE
        $configuration.Run.PassThru = $true
        $configuration.Output.Verbosity = 'None'
        foreach ($test in (Invoke-Pester -Configuration $configuration).Tests) {
            [System.Console]::Out.WriteLine("RESULT $($test.Result) $($test.Block.ExpandedPath) › $($test.ExpandedName)")
        }
        """;

    [PesterTheory]
    [InlineData("Passing")]
    [InlineData("Failing")]
    public void The_stand_in_and_Pester_agree(string fixture)
    {
        var file = Path.Combine(Repository.Fixtures, fixture + ".Fixture.ps1");
        var ours = SpecRunner.Results(file).Select(r => $"{r.Result} {string.Join(".", r.Path.SkipLast(1))} › {r.Path[^1]}");
        Assert.Equal(Pester(file).Order(StringComparer.Ordinal), ours.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Pester(string file) =>
        PesterTheoryAttribute.Pwsh(Script, file).Split('\n')
            .Where(line => line.StartsWith("RESULT ", StringComparison.Ordinal))
            .Select(line => line["RESULT ".Length..].TrimEnd('\r'));
}

/// <summary>A theory that is skipped where <c>pwsh</c> with Pester 5 is not to be had.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PesterTheoryAttribute : TheoryAttribute
{
    private static readonly Lazy<bool> s_installed = new(() =>
    {
        try
        {
            return Pwsh("(Get-Module Pester -ListAvailable).Version.Major", "").Contains('5', StringComparison.Ordinal);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    });

    public PesterTheoryAttribute()
    {
        if (!s_installed.Value)
        {
            Skip = "PowerShell with Pester 5 is not installed.";
        }
    }

    /// <summary>What a script prints in real PowerShell.</summary>
    internal static string Pwsh(string script, string specFile)
    {
        var start = new ProcessStartInfo("pwsh", ["-NoProfile", "-NonInteractive", "-Command", script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = System.Text.Encoding.UTF8,
            Environment = { ["SPEC_FILE"] = specFile },
        };
        using var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
