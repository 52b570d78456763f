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
