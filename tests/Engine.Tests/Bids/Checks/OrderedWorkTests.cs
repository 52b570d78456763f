using MedSeg.Engine.Bids.Checks;
using Xunit;

namespace MedSeg.Engine.Tests.Bids.Checks;

public class OrderedWorkTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Results_come_in_the_order_of_the_items(int workers)
    {
        var results = OrderedWork.Run(
            Enumerable.Range(0, 200),
            (i, _) =>
            {
                if (i % 7 == 0)
                    Thread.Sleep(2);
                return i * i;
            },
            workers,
            CancellationToken.None);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => i * i), results);
    }

    /// <summary>Neither the items nor the results of a long list are held at once.</summary>
    [Fact]
    public void Only_so_many_items_are_begun_ahead()
    {
        var begun = 0;
        using var results = OrderedWork.Run(Endless(), (i, _) => i, 2, CancellationToken.None).GetEnumerator();
        Assert.True(results.MoveNext());
        Assert.Equal(0, results.Current);
        Assert.InRange(begun, 1, 32);

        IEnumerable<int> Endless()
        {
            while (true)
                yield return begun++;
        }
    }

    [Fact]
    public void No_more_than_the_workers_are_at_it()
    {
        int now = 0, most = 0;
        var gate = new Lock();
        var results = OrderedWork.Run(
            Enumerable.Range(0, 50),
            (i, _) =>
            {
                lock (gate)
                    most = Math.Max(most, ++now);
                Thread.Sleep(1);
                lock (gate)
                    now--;
                return i;
            },
            3,
            CancellationToken.None);
        Assert.Equal(50, results.Count());
        Assert.InRange(most, 1, 3);
    }

    /// <summary>Whoever stops early finds nothing still running.</summary>
    [Fact]
    public void Work_that_has_begun_is_cancelled_and_waited_for()
    {
        int started = 0, ended = 0;
        var results = OrderedWork.Run(
            Enumerable.Range(0, 100),
            (i, token) =>
            {
                Interlocked.Increment(ref started);
                if (i > 0)
                    token.WaitHandle.WaitOne();
                Interlocked.Increment(ref ended);
                return i;
            },
            2,
            CancellationToken.None);
        Assert.Equal(0, results.First());
        Assert.Equal(started, ended);
    }

    [Fact]
    public void An_exception_comes_in_its_turn()
    {
        var results = OrderedWork.Run(
            Enumerable.Range(0, 20), (i, _) => i == 5 ? throw new InvalidOperationException("five") : i, 4, CancellationToken.None);
        var seen = new List<int>();
        var error = Assert.Throws<InvalidOperationException>(() =>
        {
            foreach (var i in results)
                seen.Add(i);
        });
        Assert.Equal("five", error.Message);
        Assert.Equal([0, 1, 2, 3, 4], seen);
    }
}
