using MedSeg.Cmdlets.Tests.House;
using Xunit;

namespace MedSeg.Cmdlets.Tests.Pipeline;

/// <summary>The line that the module exists for, as a user writes it: no parameter but the configuration, all files in the current location.</summary>
public sealed class WholePipelineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medseg-line-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task From_a_dataset_to_a_table_in_one_line()
    {
        using var script = new Script("""
            $null = New-BidsPhantom ./data -Subjects 4 -Contrast T2w -Size 24, 24, 3
            $cfg = New-SegConfig tiny -Dataset (Import-BidsDataset ./data) -TargetSuffix _seg-cord -Depth 1 -FilterCount 2 -BatchSize 4 -Epoch 2
            Import-BidsDataset ./data | Start-SegTraining -Config $cfg | Invoke-SegPrediction | Measure-SegMetrics | Format-Table
            """);

        ChildResult result = await Child.Run(["-NoProfile", "-NonInteractive", "-File", script.File], folder: _folder);

        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
        int header = Array.FindIndex(result.Lines, line => line.StartsWith("Image ", StringComparison.Ordinal));
        Assert.True(header >= 0, result.Output);
        Assert.Contains(" Dice ", result.Lines[header], StringComparison.Ordinal);
        string[] rows = result.Lines[(header + 2)..];
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Matches("^sub-[0-9]+_T2w +seg-cord ", row));
        Assert.Equal(rows.Length, Directory.GetFiles(_folder, "*_pred.nii.gz", SearchOption.AllDirectories).Length);
    }
}
