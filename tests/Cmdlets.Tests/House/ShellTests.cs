using System.Diagnostics;
using MedSeg.Cmdlets.Tests.Support;
using Xunit;

namespace MedSeg.Cmdlets.Tests.House;

/// <summary>medseg through a child process: exit codes, arguments and streams as pwsh 7.6 has them.</summary>
public sealed class ShellTests
{
    private const string Progress =
        "Write-Progress Working -PercentComplete 40; 'between'; Write-Progress Working -PercentComplete 60; 'end'";

    /// <summary>Escape sequences that set a foreground or background colour.</summary>
    private const string Colour = "\u001b\\[([0-9]+;)*(3|4|9|10)[0-8][;m]";

    [Theory]
    [InlineData("throw 'boom'", 1)]
    [InlineData("Write-Error x; 'end'", 0)]
    [InlineData("Get-Item ./no-such-file", 0)]
    [InlineData("exit 3", 3)]
    [InlineData("function f { exit 5 }; f; 'not reached'", 5)]
    [InlineData("'fine'", 0)]
    [InlineData("if (", 1)]
    public async Task Exit_code_of_a_script(string text, int expected)
    {
        using var script = new Script(text);

        ChildResult result = await Child.Run(["-NoProfile", "-NonInteractive", "-File", script.File]);

        Assert.Equal(expected, result.ExitCode);
    }

    [Theory]
    [InlineData("Write-Error x", 1)]
    [InlineData("Write-Error x; 'ok'", 0)]
    [InlineData("exit 4", 4)]
    [InlineData("throw 'a'", 1)]
    [InlineData("1/0", 1)]
    [InlineData("if (", 1)]
    [InlineData("'a' # comment", 0)]
    public async Task Exit_code_of_a_command(string text, int expected) =>
        Assert.Equal(expected, (await Child.Run(["-Command", text])).ExitCode);

    [Theory]
    [InlineData("-Nonsense")]
    [InlineData("no-such-script.ps1")]
    [InlineData("-File")]
    public async Task A_command_line_that_makes_no_sense_is_64(string argument)
    {
        ChildResult result = await Child.Run([argument]);

        Assert.Equal(64, result.ExitCode);
        Assert.Contains("Usage:", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arguments_bind_by_name_switch_and_position()
    {
        using var script = new Script("param($First, [switch]$On, [int]$Count = 1, $Last) \"$First|$On|$Count|$Last|$args\"");

        ChildResult result = await Child.Run([script.File, "a b", "-On", "-Count", "7", "-Last:$true", "rest"]);

        Assert.Equal(["a b|True|7|True|rest"], result.Lines);
    }

    [Fact]
    public async Task Streams_go_where_pwsh_sends_them_without_colours()
    {
        using var script = new Script("'out'; Write-Warning careful; Write-Verbose more -Verbose; Write-Host shown; Write-Error wrong; Write-Verbose hidden");

        ChildResult result = await Child.Run([script.File]);

        Assert.Equal(["out", "WARNING: careful", "VERBOSE: more", "shown"], result.Lines);
        Assert.Equal("Write-Error: wrong", result.Error.Trim());
    }

    [Theory]
    [InlineData("throw 'boom'", "boom")]
    [InlineData("$ErrorActionPreference = 'Stop'; Write-Error boom", "boom")]
    [InlineData("$ErrorActionPreference = 'Stop'; Get-SegModel ./no-such-folder", "no-such-folder")]
    public async Task An_error_that_ends_a_script_is_on_standard_error_once(string text, string expected)
    {
        using var script = new Script($"'before'\n{text}\n'after'");

        ChildResult result = await Child.Run([script.File]);

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(["before"], result.Lines);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.Contains("script.ps1:2", result.Error, StringComparison.Ordinal);
        Assert.Equal(2, result.Error.Split("Line |").Length);
    }

    [Fact]
    public async Task The_module_is_there_and_tables_have_its_views()
    {
        ChildResult result = await Child.Run(["-Command", "Get-SegDevice; Get-SegDevice | Format-Table Name, Kind; (Get-Module MedSeg).Version.ToString()"]);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("Memory (GB)", result.Lines[0], StringComparison.Ordinal);
        Assert.Contains(result.Lines, line => line.StartsWith("Name Kind", StringComparison.Ordinal));
        Assert.Equal(Path.GetFileName(Repository.Module), result.Lines[^1]);
    }

    [Theory]
    [InlineData("1..100000000 | Select-Object -First 2", "1 2")]
    [InlineData("3, 1, 2 | Sort-Object -Descending", "3 2 1")]
    [InlineData("(1, 2, 6 | Measure-Object -Average).Average", "3")]
    [InlineData("([pscustomobject]@{ a = 1; b = 2 } | Select-Object @{ n = 'c'; e = { $_.a + $_.b } }).c", "3")]
    [InlineData("1, 2, 3 | Select-Object -Last 1", "3")]
    [InlineData("Split-Path (Join-Path a b c.txt) -Leaf", "c.txt")]
    [InlineData("Test-Path $PSHOME -PathType Container", "True")]
    [InlineData("Set-Location -LiteralPath $PSHOME; (Get-Location).Path -eq (Get-Item $PSHOME).FullName", "True")]
    public async Task Basic_commands_of_scripts(string text, string expected)
    {
        ChildResult result = await Child.Run(["-Command", text]);

        Assert.Equal(expected, string.Join(' ', result.Lines));
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task A_question_without_a_user_is_an_error()
    {
        ChildResult result = await Child.Run(["-NonInteractive", "-Command", "New-Item x.txt -Confirm"]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("without a user to ask", result.Error, StringComparison.Ordinal);
    }

    [SignalFact]
    public async Task An_interrupt_runs_finally_blocks_and_ends_with_130()
    {
        using var script = new Script(
            "try { [Console]::WriteLine('started'); while ($true) { [Threading.Thread]::Sleep(20) } } finally { [Console]::WriteLine('cleaned up') }; 'not reached'");
        using Process process = Child.Start([script.File]);
        Assert.Equal("started", await process.StandardOutput.ReadLineAsync());

        Signal.Send(process, Signal.Interrupt);
        string rest = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal("cleaned up", rest.Trim());
        Assert.Equal(130, process.ExitCode);
    }

    [SignalFact]
    public async Task A_second_interrupt_ends_what_does_not_stop()
    {
        using var script = new Script("""
            try { [Console]::WriteLine('started'); while ($true) { [Threading.Thread]::Sleep(20) } }
            finally { [Console]::WriteLine('stopping'); [Threading.Thread]::Sleep(-1) }
            """);
        using Process process = Child.Start([script.File]);
        Assert.Equal("started", await process.StandardOutput.ReadLineAsync());
        Signal.Send(process, Signal.Interrupt);
        Assert.Equal("stopping", await process.StandardOutput.ReadLineAsync());
        Assert.False(process.HasExited);

        Signal.Send(process, Signal.Interrupt);
        await Child.WaitForExit(process);

        Assert.Equal(130, process.ExitCode);
    }

    [Fact]
    public async Task Progress_does_not_mix_with_redirected_output()
    {
        using var script = new Script(Progress);

        Assert.Equal(["between", "end"], (await Child.Run([script.File])).Lines);
    }

    [TerminalFact]
    public async Task A_terminal_sees_progress_bars_in_colours()
    {
        using var script = new Script(Progress);

        (int exitCode, string output) = await Terminal.Run(script.File);

        Assert.Equal(0, exitCode);
        Assert.DoesNotContain("Write-Progress:", output, StringComparison.Ordinal);
        Assert.Matches("(?s)Working.*between.*Working.*end", output);
        Assert.Matches(Colour, output);
    }

    [TerminalFact]
    public async Task NO_COLOR_takes_the_colours_and_leaves_the_progress_bars()
    {
        using var script = new Script("Write-Warning careful; " + Progress);

        (int exitCode, string output) = await Terminal.Run(script.File, ("NO_COLOR", "1"));

        Assert.Equal(0, exitCode);
        Assert.Matches("(?s)WARNING: careful.*Working.*between.*Working.*end", output);
        Assert.DoesNotMatch(Colour, output);
    }

    [TerminalFact]
    public async Task A_terminal_that_moves_no_cursor_gets_text_only()
    {
        using var script = new Script(Progress);

        (int exitCode, string output) = await Terminal.Run(script.File, ("TERM", "dumb"));

        Assert.Equal(0, exitCode);
        Assert.Equal("between end", string.Join(' ', output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
    }
}
