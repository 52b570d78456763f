using MedSeg.Cmdlets.Tests.House;
using MedSeg.Cmdlets.Tests.Support;
using Xunit;

namespace MedSeg.Cmdlets.Tests.Pipeline;

/// <summary>The script of docs/automation.md, as it stands there.</summary>
public sealed class AutomationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medseg-nightly-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_nightly_script_may_be_started_again()
    {
        string script = Path.Combine(_folder, "nightly.ps1");
        await File.WriteAllTextAsync(script, FirstScript(Path.Combine(Repository.Root, "docs", "automation.md")));
        Assert.Equal(1, (await Child.Run(["-File", script])).ExitCode);
        ChildResult prepared = await Child.Run(
            ["-Command", """
            $data = New-BidsPhantom ./data -Subjects 4 -Contrast T2w -Size 24, 24, 3
            $data | New-SegConfig tiny -TargetSuffix _seg-cord -Depth 1 -FilterCount 2 -BatchSize 4 -Epoch 2 | Export-SegConfig ./config.json
            """],
            folder: _folder);
        Assert.Equal("", prepared.Error);

        ChildResult first = await Child.Run(["-File", script]);
        Assert.Equal(("", 0), (first.Error, first.ExitCode));
        Assert.Contains(first.Lines, line => line.Contains("seg-cord", StringComparison.Ordinal));
        ChildResult again = await Child.Run(["-File", script]);
        Directory.Delete(Path.Combine(_folder, "run", "tiny"), recursive: true);
        ChildResult continued = await Child.Run(["-File", script]);

        Assert.Equal(first, again);
        Assert.Equal(first, continued);
    }

    private static string FirstScript(string page)
    {
        string text = File.ReadAllText(page).ReplaceLineEndings("\n");
        const string Fence = "```";
        int start = text.IndexOf(Fence + "powershell\n", StringComparison.Ordinal) + Fence.Length + "powershell\n".Length;
        return text[start..text.IndexOf(Fence, start, StringComparison.Ordinal)];
    }
}
