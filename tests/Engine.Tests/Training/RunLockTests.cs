using System.Globalization;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Training;
using Xunit;

namespace MedSeg.Engine.Tests.Training;

public class RunLockTests
{
    [Fact]
    public void A_second_run_is_refused_and_told_who_holds_the_folder()
    {
        using var folder = new TemporaryFolder();
        var run = new RunFolder(folder.Path);
        using (RunLock.Take(run))
        {
            var error = Assert.Throws<SegException>(() => RunLock.Take(run));
            Assert.Equal("RunLocked", error.ErrorId);
            Assert.Contains("process " + Environment.ProcessId.ToString(CultureInfo.InvariantCulture), error.Message, StringComparison.Ordinal);
            Assert.Contains(Environment.MachineName, error.Message, StringComparison.Ordinal);
        }

        RunLock.Take(run).Dispose();
        Assert.False(File.Exists(run.Owner));
    }

    [Fact]
    public void A_folder_that_is_gone_is_not_called_locked()
    {
        using var folder = new TemporaryFolder();
        var run = new RunFolder(folder.File("gone"));
        var error = Assert.Throws<SegException>(() => RunLock.Take(run));
        Assert.Equal("CannotWrite", error.ErrorId);
        Assert.Contains(run.Lock, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lock_file_that_cannot_be_opened_is_not_called_locked()
    {
        using var folder = new TemporaryFolder();
        var run = new RunFolder(folder.Path);
        Directory.CreateDirectory(run.Lock);
        Assert.Equal("CannotWrite", Assert.Throws<SegException>(() => RunLock.Take(run)).ErrorId);
    }

    [Fact]
    public void What_a_killed_process_leaves_does_not_lock()
    {
        using var folder = new TemporaryFolder();
        var run = new RunFolder(folder.Path);
        File.WriteAllText(run.Lock, "");
        File.WriteAllText(run.Owner, "{ not even JSON");
        using var held = RunLock.Take(run);
        Assert.Contains(Environment.MachineName, File.ReadAllText(run.Owner), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unreadable_owner_is_called_unknown()
    {
        using var folder = new TemporaryFolder();
        var run = new RunFolder(folder.Path);
        using var held = RunLock.Take(run);
        File.WriteAllText(run.Owner, "garbage");
        Assert.Contains("the owner is unknown", Assert.Throws<SegException>(() => RunLock.Take(run)).Message, StringComparison.Ordinal);
    }
}
