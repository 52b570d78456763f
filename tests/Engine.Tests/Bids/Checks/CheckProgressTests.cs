using MedSeg.Engine.Bids.Checks;
using Xunit;

namespace MedSeg.Engine.Tests.Bids.Checks;

public class CheckProgressTests
{
    /// <summary>After three quarters of the files in ten seconds a third of that is left; nothing is foretold in the first second.</summary>
    [Fact]
    public void Time_left_follows_from_the_share_that_is_done()
    {
        var (clock, observer) = (new Clock(), new Observer());
        var files = Enumerable.Range(0, 4).Select(i => File(i, 100)).ToList();
        var progress = new CheckProgress(observer, files, deep: false, clock);
        progress.Done(files[0]);
        clock.Seconds = 0.1;
        progress.Done(files[1]);
        clock.Seconds = 10;
        progress.Done(files[2]);
        Assert.Equal([(25, -1), (75, 4)], observer.Records.Select(r => (r.Percent, r.SecondsRemaining)));
        Assert.Equal("3 of 4 files, f2.nii", observer.Records[^1].Status);
    }

    /// <summary>Where voxels are read, large files take longer.</summary>
    [Fact]
    public void Deep_checks_go_by_bytes()
    {
        var (clock, observer) = (new Clock { Seconds = 0 }, new Observer());
        CheckedFile[] files = [File(0, 9_934_464), File(1, 29_934_464)];
        var progress = new CheckProgress(observer, files, deep: true, clock);
        clock.Seconds = 5;
        progress.Done(files[0]);
        Assert.Equal((25, 15), (observer.Records[0].Percent, observer.Records[0].SecondsRemaining));
    }

    private static CheckedFile File(int number, long size) => new() { Root = "/data", RelativePath = $"f{number}.nii", Subject = "", Size = size };

    private sealed class Clock : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => (long)(1000 * Seconds);
    }

    private sealed class Observer : ISegObserver
    {
        public List<SegProgress> Records { get; } = [];

        public void Progress(SegProgress progress) => Records.Add(progress);

        public void Verbose(string message)
        {
        }

        public void Warning(string message)
        {
        }

        public void Error(SegException error)
        {
        }
    }
}
