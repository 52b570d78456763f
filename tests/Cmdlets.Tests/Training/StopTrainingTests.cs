using System.Management.Automation;
using MedSeg.Cmdlets.Tests.Support;
using Xunit;

namespace MedSeg.Cmdlets.Tests.Training;

/// <summary>Stopping a pipeline, as Ctrl+C does, leaves a run that -Resume brings to the same end.</summary>
[Collection(AloneInTheProcess.Name)]
public sealed class StopTrainingTests : IDisposable
{
    private const string Script = """
        param($Folder, $Run, $Resume = $false)
        Import-BidsDataset "$Folder/data" | Start-SegTraining "$Folder/config.json" -OutputPath $Run -Device Cpu -Resume:$Resume |
            ForEach-Object Path
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("medseg-stop-").FullName;
    private readonly BareShell _shell = BareShell.WithModule();

    public StopTrainingTests()
    {
        _shell.Run("param($Path) $null = New-BidsPhantom $Path -Subjects 4 -Contrast T2w -Size 24, 24, 4", Path.Combine(_folder, "data"));
        File.WriteAllText(Path.Combine(_folder, "config.json"), """
            {
              "model_name": "cord",
              "loader_parameters": { "target_suffix": ["_seg-cord"] },
              "default_model": { "name": "Unet", "depth": 2, "n_filters": 4 },
              "training_parameters": { "batch_size": 2, "training_time": { "num_epochs": 20 } }
            }
            """);
    }

    [Fact]
    public void A_stopped_training_is_continued_to_the_same_weights()
    {
        string straight = Weights(Train("straight", resume: false));
        string run = Path.Combine(_folder, "stopped");
        Stop(run);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(run, "checkpoints"), "*.json"));
        Assert.False(File.Exists(Path.Combine(run, "run.owner.json")));
        Assert.False(Directory.Exists(Path.Combine(run, "cord")), "The training had ended before it was stopped.");
        Assert.Equal(straight, Weights(Train("stopped", resume: true)));
    }

    public void Dispose()
    {
        _shell.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Starts a training, waits until an epoch is on record, and stops the pipeline.</summary>
    private void Stop(string run)
    {
        using PowerShell pipeline = _shell.Pipeline();
        pipeline.AddScript(Script).AddArgument(_folder).AddArgument(run);
        IAsyncResult training = pipeline.BeginInvoke();
        string history = Path.Combine(run, "history.jsonl");
        Assert.True(
            SpinWait.SpinUntil(() => training.IsCompleted || (File.Exists(history) && Lines(history) >= 1), TimeSpan.FromMinutes(5)),
            "No epoch ended.");
        pipeline.Stop();
        Assert.Throws<PipelineStoppedException>(() => pipeline.EndInvoke(training));
        Assert.Contains("-Resume continues from there", pipeline.Streams.Warning[^1].Message, StringComparison.Ordinal);
    }

    /// <summary>Full path of the packaged model.</summary>
    private string Train(string run, bool resume) => Assert.IsType<string>(
        Assert.Single(_shell.Run(Script, _folder, Path.Combine(_folder, run), resume)).BaseObject);

    private static string Weights(string model) =>
        Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(model, "cord.safetensors"))));

    private static int Lines(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Count(c => c == '\n');
    }
}
