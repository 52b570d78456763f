using MedSeg.Engine.Bids.Checks;
using Xunit;

namespace MedSeg.Engine.Tests.Bids.Checks;

public class MemoryGateTests
{
    [Fact]
    public void All_together_stay_within_the_budget_or_one_is_alone()
    {
        var gate = new MemoryGate(100);
        var lockObject = new Lock();
        long used = 0;
        int[] sizes = [10, 60, 30, 250, 40, 5, 90, 300, 20, 50];
        Parallel.ForEach(Enumerable.Range(0, 100), new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            var bytes = sizes[i % sizes.Length];
            gate.Run(bytes, () => Hold(bytes), CancellationToken.None);
        });
        Assert.Equal(0, used);

        bool Hold(int bytes)
        {
            lock (lockObject)
            {
                used += bytes;
                Assert.True(used <= 100 || used == bytes, $"{used} bytes are held while {bytes} come in.");
            }

            Thread.Yield();
            lock (lockObject)
                used -= bytes;
            return true;
        }
    }

    [Fact]
    public void Waiting_can_be_cancelled()
    {
        var gate = new MemoryGate(10);
        using var cancel = new CancellationTokenSource();
        gate.Run(10, () =>
        {
            cancel.Cancel();
            Assert.Throws<OperationCanceledException>(() => gate.Run(1, () => true, cancel.Token));
            return true;
        }, CancellationToken.None);
    }

    [Fact]
    public void Room_is_given_back_when_the_work_fails()
    {
        var gate = new MemoryGate(10);
        Assert.Throws<InvalidOperationException>(() => gate.Run<bool>(10, () => throw new InvalidOperationException(), CancellationToken.None));
        Assert.True(gate.Run(10, () => true, CancellationToken.None));
    }
}
