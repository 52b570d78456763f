using System.Management.Automation;
using MedSeg.Cmdlets.Tests.Support;
using Xunit;

namespace MedSeg.Cmdlets.Tests.House;

/// <summary>The base of the cmdlets, through the probe cmdlets of tests/ProbeModule.</summary>
public sealed class SegCmdletTests : IDisposable
{
    private readonly BareShell _shell = BareShell.WithModule();
    private readonly string _folder = Directory.CreateTempSubdirectory("medseg-").FullName;

    public SegCmdletTests() => _shell.Run("Import-Module $args[0]", Probe);

    private static string Probe
    {
        get
        {
            string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Parent!.Name;
            return Path.Combine(Repository.Root, "tests", "ProbeModule", "bin", configuration, "net10.0", "MedSeg.ProbeModule.dll");
        }
    }

    [Fact]
    public void Items_come_in_order_and_messages_on_their_streams()
    {
        using PowerShell shell = _shell.Pipeline();
        int[] items = [.. shell.AddScript("Get-Probe -Count 500 -Verbose -WarningAction Continue").Invoke().Select(o => (int)o.BaseObject)];

        Assert.Equal(Enumerable.Range(items[0], 500), items);
        Assert.Equal("first", Assert.Single(shell.Streams.Warning).Message);
        Assert.Equal(500, shell.Streams.Verbose.Count);
        Assert.Equal(ProgressRecordType.Completed, shell.Streams.Progress[^1].RecordType);
    }

    [Fact]
    public void A_bad_item_is_one_error_and_the_rest_goes_on()
    {
        using PowerShell shell = _shell.Pipeline();
        int items = shell.AddScript("Get-Probe -Count 5 -BadItem 3 -WarningAction SilentlyContinue").Invoke().Count;

        Assert.Equal(4, items);
        ErrorRecord error = Assert.Single(shell.Streams.Error);
        Assert.StartsWith("ProbeBroken,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.InvalidData, error.CategoryInfo.Category);
        Assert.Equal("item 3", error.TargetObject);
        Assert.Equal("Mend it.", error.ErrorDetails.RecommendedAction);
    }

    [Theory]
    [InlineData("1, 2 | Get-Probe -Fail Item; 'went on'", 2, "ProbeBroken,")]
    [InlineData("1 | Get-Probe -Fail Unexpected; 'went on'", 1, "FileError,")]
    public void A_failed_item_does_not_end_the_pipeline(string script, int errors, string id)
    {
        using PowerShell shell = _shell.Pipeline();

        Assert.Equal("went on", shell.AddScript(script).Invoke().Single().ToString());
        Assert.Equal(errors, shell.Streams.Error.Count);
        Assert.All(shell.Streams.Error, e => Assert.StartsWith(id, e.FullyQualifiedErrorId, StringComparison.Ordinal));
    }

    [Fact]
    public void A_failed_command_ends_before_the_next_item()
    {
        using PowerShell shell = _shell.Pipeline();
        shell.AddScript("1, 2 | Get-Probe -Fail Command").Invoke();

        Assert.StartsWith("ProbeBroken,", Assert.Single(shell.Streams.Error).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-FailAt 1", "0")]
    [InlineData("-FailAt 1 -Whole", "ended")]
    [InlineData("-FailAt 3 -Whole", "2")]
    public void A_sequence_that_is_all_there_is_ends_the_cmdlet_only_before_its_first_result(string arguments, string output)
    {
        using PowerShell shell = _shell.Pipeline();
        string script = $"try {{ $items = @(Get-Probe -Count 5 -WarningAction SilentlyContinue {arguments}); $items.Count }} catch {{ 'ended' }}";
        Assert.Equal(output, Assert.Single(shell.AddScript(script).Invoke()).ToString());
    }

    [Fact]
    public async Task Enough_is_enough_for_the_worker_too()
    {
        ChildResult result = await Child.Run(["-Command", $"""
            Import-Module '{Probe}'
            $items = Get-Probe -WarningAction SilentlyContinue | Select-Object -First 2
            "$items"
            [MedSeg.ProbeModule.ProbeState]::Running
            [MedSeg.ProbeModule.ProbeState]::Saved
            [MedSeg.ProbeModule.ProbeState]::Produced -lt 10000
            """]);

        Assert.Equal(["1 2", "0", "True", "True"], result.Lines);
    }

    [Fact]
    public async Task Stopping_the_pipeline_cancels_the_worker_and_waits_for_it()
    {
        using PowerShell shell = _shell.Pipeline();
        using var output = new PSDataCollection<PSObject>();
        var started = new TaskCompletionSource();
        output.DataAdded += (_, _) => started.TrySetResult();
        Task<PSDataCollection<PSObject>> run = shell.AddScript("Get-Probe").InvokeAsync<PSObject, PSObject>(null, output);
        await started.Task;

        await shell.StopAsync(null, null);

        await Assert.ThrowsAnyAsync<Exception>(() => run);
        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);

        // What the worker says after the stop, which the pipeline no longer takes, reaches the host.
        Assert.Equal("saved", shell.Streams.Warning[^1].Message);
        Assert.Equal("0 True", _shell.Run("'{0} {1}' -f [MedSeg.ProbeModule.ProbeState]::Running, [MedSeg.ProbeModule.ProbeState]::Saved").Single().ToString());
    }

    [Fact]
    public void Paths_are_relative_to_the_session_and_wildcards_are_expanded()
    {
        foreach (string name in new[] { "a.txt", "b.txt", "c[1].txt" })
            File.WriteAllText(Path.Combine(_folder, name), "");
        _shell.Run("$null = $ExecutionContext.SessionState.Path.SetLocation($args[0])", _folder);

        Assert.Equal(["a.txt", "b.txt", "c[1].txt"], Names("Resolve-Probe *.txt"));
        Assert.Equal(["c[1].txt"], Names("Resolve-Probe -LiteralPath 'c[1].txt'"));
        Assert.Equal(["new[2].txt"], Names("Resolve-Probe -OutputPath 'new[2].txt'"));
    }

    [Fact]
    public void A_single_path_is_taken_as_it_stands_before_its_wildcards_are_expanded()
    {
        foreach (string name in new[] { "a1.txt", "a[1].txt", "b1.txt" })
            File.WriteAllText(Path.Combine(_folder, name), "");
        _shell.Run("$null = $ExecutionContext.SessionState.Path.SetLocation($args[0])", _folder);

        Assert.Equal(["a[1].txt"], Names("Resolve-OneProbe 'a[1].txt'"));
        Assert.Equal(["b1.txt"], Names("Resolve-OneProbe 'b[1].txt'"));
        Assert.Equal(["b1.txt"], Names("Resolve-OneProbe b*.txt"));
    }

    [Theory]
    [InlineData("Resolve-Probe 'x[1]'", true)]
    [InlineData("Resolve-Probe x1", false)]
    [InlineData("Resolve-Probe -LiteralPath 'x[1]'", false)]
    [InlineData("Resolve-OneProbe 'x[1]'", false)]
    public void LiteralPath_is_advised_only_where_it_helps(string script, bool advised)
    {
        using PowerShell shell = _shell.Pipeline();
        shell.AddScript(script).Invoke();
        Assert.Equal(advised, Assert.Single(shell.Streams.Error).ErrorDetails.RecommendedAction.Contains("-LiteralPath", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Resolve-Probe ./missing, .", "PathNotFound")]
    [InlineData("Resolve-Probe *.missing, .", "PathNotFound")]
    [InlineData("Resolve-Probe -LiteralPath ./missing, .", "PathNotFound")]
    [InlineData("Resolve-Probe nodrive:/x, .", "PathNotFound")]
    [InlineData("Resolve-Probe Env:PATH, .", "PathNotAFile")]
    public void A_path_that_leads_nowhere_is_one_error(string script, string id)
    {
        using PowerShell shell = _shell.Pipeline();

        Assert.Single(shell.AddScript(script).Invoke());
        Assert.StartsWith(id + ",", Assert.Single(shell.Streams.Error).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _shell.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string[] Names(string script) => [.. _shell.Run(script).Select(p =>
    {
        string path = p.ToString();
        Assert.Equal(new DirectoryInfo(_folder).FullName, Path.GetDirectoryName(path));
        return Path.GetFileName(path);
    })];
}
