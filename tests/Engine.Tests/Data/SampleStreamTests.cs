using MedSeg.Engine.Data.Loading;
using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Data.Sampling;
using MedSeg.Engine.Runtime;
using MedSeg.Engine.Transforms;
using Xunit;

namespace MedSeg.Engine.Tests.Data;

/// <summary>40 sources with 0 to 4 samples each; a sample's only voxel is 100·source + sample.</summary>
public sealed class SampleStreamTests
{
    private const int Sources = 40;

    [Fact]
    public void The_first_epoch_begins_before_the_last_image_is_read()
    {
        using var gate = new ManualResetEventSlim();
        var order = ReadingOrder();
        var late = order[BatchLoader.GroupSize..].ToHashSet();
        using var dataset = Dataset(source =>
        {
            if (late.Contains(source))
                gate.Wait();
        });
        using var loader = new BatchLoader(dataset, 4, shuffle: true, seed: 1);
        using var batches = loader.Epoch(BatchLoader.FirstEpoch).GetEnumerator();
        Assert.True(batches.MoveNext());
        Assert.False(dataset.IsLoaded);
        Assert.InRange(loader.BatchesPerEpoch, 1, 100);
        var seen = new List<int>(Values(batches.Current));
        gate.Set();
        while (batches.MoveNext())
            seen.AddRange(Values(batches.Current));
        Assert.Equal(AllValues(), seen.Order());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void How_fast_images_are_read_and_how_many_workers_there_are_does_not_matter(int workers)
    {
        using var whole = Dataset();
        whole.WaitAll(default);
        using var expected = new BatchLoader(whole, 4, shuffle: true, seed: 1, workers: 0);
        for (var epoch = 0; epoch < 4; epoch++)
        {
            using var slow = Dataset(source => Thread.Sleep(source % 3));
            using var loader = new BatchLoader(slow, 4, shuffle: true, seed: 1, workers);
            Assert.Equal(SampleContents.Batches(expected, epoch), SampleContents.Batches(loader, epoch));
        }
    }

    [Fact]
    public void The_first_epoch_can_be_resumed_while_images_are_being_read()
    {
        using var whole = Dataset();
        using var loader = new BatchLoader(whole, 4, shuffle: true, seed: 1);
        var all = SampleContents.Batches(loader, BatchLoader.FirstEpoch);
        using var again = Dataset(source => Thread.Sleep(source % 2));
        using var resumed = new BatchLoader(again, 4, shuffle: true, seed: 1);
        Assert.Equal(all.Skip(7), SampleContents.Batches(resumed, BatchLoader.FirstEpoch, 7));
        Assert.Empty(resumed.Epoch(BatchLoader.FirstEpoch, all.Count));
        Assert.Equal(all.Count, loader.BatchesPerEpoch);
    }

    [Fact]
    public void The_first_epoch_mixes_images_and_later_ones_mix_all()
    {
        using var dataset = Dataset();
        using var loader = new BatchLoader(dataset, 1, shuffle: true, seed: 1);
        List<int> first = Epoch(loader, 1), second = Epoch(loader, 2);
        Assert.Equal(first.Order(), second.Order());
        var group = ReadingOrder()[..BatchLoader.GroupSize].ToHashSet();
        var inGroup = first.TakeWhile(value => group.Contains(value / 100)).Count();
        Assert.Equal(AllValues().Count(value => group.Contains(value / 100)), inGroup);
        Assert.NotEqual(first.Take(inGroup).Order(), first.Take(inGroup));
        Assert.Contains(second.Take(inGroup), value => !group.Contains(value / 100));
    }

    [Fact]
    public void A_sample_is_augmented_alike_whichever_other_images_could_be_read()
    {
        string At(Func<int, SampleEntry[]> entries)
        {
            SegTransform[] shift = [Transforms.TransformBuilder.Create("RandomShiftIntensity", ("shift_range", new[] { -1.0, 1.0 }), ("prob", 1.0))];
            using var dataset = MemoryDataset.Of([.. Enumerable.Range(0, 3).Select(entries)], 1, shift);
            using var loader = new BatchLoader(dataset, 1, shuffle: true, seed: 1);
            return SampleContents.Batches(loader, 2).Single(b => b.StartsWith("sub-2/", StringComparison.Ordinal));
        }

        Assert.Equal(At(source => [Entry(source, 0)]), At(source => source == 0 ? [] : [Entry(source, 0)]));
    }

    [Fact]
    public void Validation_begins_with_the_first_image_and_keeps_the_order_of_the_paths()
    {
        using var gate = new ManualResetEventSlim();
        using var dataset = MemoryDataset.Of([.. Enumerable.Range(0, Sources).Select(Entries)], 1, making: source =>
        {
            if (source > 3)
                gate.Wait();
        });
        using var loader = new BatchLoader(dataset, 1, shuffle: false, seed: 1, workers: 0);
        using var batches = loader.Epoch(1).GetEnumerator();
        Assert.True(batches.MoveNext());
        gate.Set();
        Assert.Equal(AllValues(), Epoch(loader, 1));
    }

    [Fact]
    public void Stopping_does_not_wait_for_images()
    {
        using var stop = new CancellationTokenSource();
        using var gate = new ManualResetEventSlim();
        using var dataset = Dataset(_ => gate.Wait());
        using (var loader = new BatchLoader(dataset, 4, shuffle: true, seed: 1))
        {
            stop.CancelAfter(20);
            Assert.ThrowsAny<OperationCanceledException>(() => loader.Epoch(1, ct: stop.Token).ToList());
            Assert.ThrowsAny<OperationCanceledException>(() => loader.Epoch(2, ct: stop.Token).ToList());
        }

        gate.Set();
    }

    [Fact]
    public void An_error_that_concerns_all_images_reaches_the_consumer()
    {
        using var dataset = Dataset(source =>
        {
            if (source == 17)
                throw new SegException("DiskFull", SegErrorKind.Resource, "as if", "nothing");
        });
        using var loader = new BatchLoader(dataset, 4, shuffle: true, seed: 1);
        Assert.Equal("DiskFull", Assert.Throws<SegException>(() => loader.Epoch(1).ToList()).ErrorId);
        Assert.Throws<SegException>(() => loader.Epoch(2).ToList());
        Assert.Throws<SegException>(dataset.ThrowIfFailed);
    }

    [Fact]
    public void Samples_of_another_size_are_noticed_when_their_image_comes()
    {
        SampleEntry[] Of(int source) => [MemoryDataset.Entry(0, new float[source == 30 ? 4 : 2], new GridSize(1, source == 30 ? 2 : 1), $"sub-{source}")];
        using var dataset = MemoryDataset.Of([.. Enumerable.Range(0, Sources).Select(Of)], 1);
        using var loader = new BatchLoader(dataset, 4, shuffle: false, seed: 1);
        var error = Assert.Throws<SegException>(() => loader.Epoch(1).ToList());
        Assert.Equal("SampleSizesDiffer", error.ErrorId);
        Assert.Contains("sub-30", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_order_may_repeat_samples_and_makes_each_repetition_new()
    {
        SegTransform[] shift = [Transforms.TransformBuilder.Create("RandomShiftIntensity", ("shift_range", new[] { -1.0, 1.0 }), ("prob", 1.0))];
        using var dataset = MemoryDataset.Of([[Entry(0, 0), Entry(0, 1), Entry(0, 2), Entry(0, 3)], [Entry(1, 0)]], 1, shift);
        var made = 0;
        using var loader = new BatchLoader(dataset, 2, shuffle: true, seed: 3, workers: 2, order: _ =>
        {
            made++;
            return new BalancedOrder(["1", "0", "0", "0", "0"], 3);
        });
        using var same = new BatchLoader(dataset, 2, shuffle: true, seed: 3, workers: 0, order: _ => new BalancedOrder(["1", "0", "0", "0", "0"], 3));
        var first = SampleContents.Batches(loader, 1);
        Assert.Equal(first, SampleContents.Batches(same, 1));
        Assert.NotEqual(first, SampleContents.Batches(loader, 2));
        Assert.Equal(1, made);
        var samples = Enumerable.Range(1, 20).SelectMany(epoch => loader.Epoch(epoch)).SelectMany(batch => batch.Input.Take(batch.Count)).ToList();
        Assert.Equal(samples.Count, samples.Distinct().Count());
        Assert.Equal(100, samples.Count);
    }

    private static int[] ReadingOrder() => new RandomStream(5).Permutation(Sources);

    private static SampleDataset Dataset(Action<int>? making = null) =>
        MemoryDataset.Of([.. Enumerable.Range(0, Sources).Select(Entries)], 1, readingOrder: ReadingOrder(), making: making);

    private static SampleEntry[] Entries(int source) => [.. Enumerable.Range(0, source % 5).Select(i => Entry(source, i))];

    private static SampleEntry Entry(int source, int index) =>
        MemoryDataset.Entry(index, [(100 * source) + index, 1], new GridSize(1, 1), $"sub-{source}");

    private static IEnumerable<int> AllValues() => Enumerable.Range(0, Sources).SelectMany(s => Enumerable.Range(0, s % 5).Select(i => (100 * s) + i));

    private static IEnumerable<int> Values(SampleBatch batch) => batch.Input.Take(batch.Count).Select(v => (int)v);

    private static List<int> Epoch(BatchLoader loader, int epoch) => [.. loader.Epoch(epoch).SelectMany(Values)];
}
