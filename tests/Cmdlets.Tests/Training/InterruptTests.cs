using System.Diagnostics;
using System.Security.Cryptography;
using MedSeg.Cmdlets.Tests.House;
using MedSeg.Cmdlets.Tests.Support;
using Xunit;

namespace MedSeg.Cmdlets.Tests.Training;

/// <summary>Ctrl+C in a terminal: the process ends in good order and -Resume goes on as if nothing had been.</summary>
public sealed class InterruptTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medseg-interrupt-").FullName;

    private readonly Script _script = new("""
        param($Run, [switch] $Resume)
        $ErrorActionPreference = 'Stop'
        if (-not (Test-Path ./data)) { $null = New-BidsPhantom ./data -Subjects 4 -Contrast T2w -Size 24, 24, 4 }
        $config = New-SegConfig cord -Dataset (Import-BidsDataset ./data) -TargetSuffix _seg-cord -Depth 2 -FilterCount 4 -BatchSize 2 -Epoch 40
        $model = Import-BidsDataset ./data | Start-SegTraining -Config $config -OutputPath $Run -Device Cpu -Resume:$Resume
        $model.Path
        """);

    public void Dispose()
    {
        _script.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [SignalFact]
    public async Task An_interrupted_training_exits_with_130_and_is_resumed_to_the_same_weights()
    {
        string straight = Weights(await Child.Run([_script.File, "./straight"], folder: _folder));
        string run = Path.Combine(_folder, "interrupted");

        using (Process process = Child.Start([_script.File, "./interrupted"], folder: _folder))
        {
            await FirstEpoch(process, Path.Combine(run, "history.jsonl"));
            Signal.Send(process, Signal.Interrupt);
            await Child.WaitForExit(process);
            Assert.Equal(130, process.ExitCode);
        }

        Assert.NotEmpty(Directory.GetFiles(Path.Combine(run, "checkpoints"), "*.json"));
        Assert.False(File.Exists(Path.Combine(run, "run.owner.json")));
        Assert.False(Directory.Exists(Path.Combine(run, "cord")), "The training had ended before the signal came.");
        Assert.Equal(straight, Weights(await Child.Run([_script.File, "./interrupted", "-Resume"], folder: _folder)));
    }

    /// <summary>Waits until the history has its first whole line.</summary>
    private static async Task FirstEpoch(Process process, string history)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (!File.Exists(history) || !HasLine(history))
        {
            Assert.False(process.HasExited, "The training ended before its first epoch was on record.");
            await Task.Delay(5, timeout.Token);
        }
    }

    /// <remarks>Opened so that the training may go on writing.</remarks>
    private static bool HasLine(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Contains('\n', StringComparison.Ordinal);
    }

    private static string Weights(ChildResult result)
    {
        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
        return Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(result.Lines[^1], "cord.safetensors"))));
    }
}
