using System.Diagnostics;
using System.Globalization;
using MedSeg.Engine.Phantoms;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Training;
using Xunit;

namespace MedSeg.Engine.Tests.Training;

[Collection(TorchGlobalState.Name)]
public sealed class HostileTrainingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public HostileTrainingTests() =>
        Phantom.Create(new PhantomRequest(_folder.File("data"), 5, ["T2w"], 3, [24, 24, 3]), SilentObserver.Instance, default);

    [TmpfsFact]
    public void A_full_disk_ends_the_training_and_loses_nothing() =>
        Assert.Equal("DiskFull 0 same", OnDisk("size=2m", "train-full-disk", _folder.File("data")));

    [TmpfsFact]
    public void A_folder_on_a_disk_that_cannot_be_written_to_is_a_clear_error() =>
        Assert.Equal("CannotWrite", OnDisk("ro", "train-refused", _folder.File("data")));

    [UnixFact]
    public void A_closed_terminal_saves_a_checkpoint_and_then_ends_the_process()
    {
        string run = _folder.File("run");
        // Where the tests themselves run under nohup, children would inherit its deafness.
        string[] hearing = OperatingSystem.IsLinux() ? ["env", "--default-signal=HUP"] : [];
        using Process child = ChildProgram.Start(hearing, "train-endless", _folder.File("data"), run);
        for (int i = 0; i < 5; i++) Assert.Equal("batch", child.StandardOutput.ReadLine());
        using (Process kill = Process.Start("kill", ["-HUP", child.Id.ToString(CultureInfo.InvariantCulture)])) kill.WaitForExit();
        child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        using Checkpoint saved = new CheckpointStore(new RunFolder(run).Checkpoints).Latest(warning => Assert.Fail(warning))!;
        Assert.True(saved.State.Position.Steps >= 2, "the batches that were done");
        Assert.Equal(128 + 1, child.ExitCode);
    }

    [UnixFact]
    public void Under_nohup_a_closed_terminal_changes_nothing()
    {
        using Process child = ChildProgram.Start(["nohup"], "train-endless", _folder.File("data"), _folder.File("run"));
        for (int i = 0; i < 3; i++) Assert.Equal("batch", child.StandardOutput.ReadLine());
        using (Process kill = Process.Start("kill", ["-HUP", child.Id.ToString(CultureInfo.InvariantCulture)])) kill.WaitForExit();
        for (int i = 0; i < 200; i++) Assert.Equal("batch", child.StandardOutput.ReadLine());
        child.Kill();
        child.WaitForExit();
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>What a child prints that works in a small disk of its own.</summary>
    private string OnDisk(string options, params string[] args)
    {
        string script = $"""mount -t tmpfs -o {options} tmpfs "$1" && disk="$1" && shift && exec "$@" "$disk" """;
        string disk = _folder.File("disk");
        Directory.CreateDirectory(disk);
        using Process child = ChildProgram.Start(["unshare", "-Urm", "sh", "-c", script, "sh", disk], args);
        string output = child.StandardOutput.ReadToEnd(), errors = child.StandardError.ReadToEnd();
        child.WaitForExit();
        Assert.Equal("", errors);
        return output.Trim();
    }
}
