using MedSeg.Engine.Data.Loading;
using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Transforms;
using Xunit;
using static MedSeg.Engine.Tests.Transforms.TransformBuilder;

namespace MedSeg.Engine.Tests.Data;

public class BatchLoaderTests
{
    private const int Samples = 23;
    private const int Size = 4;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Any_number_of_workers_gives_the_same_batches(int workers)
    {
        using var expected = new BatchLoader(Dataset(), 4, shuffle: true, seed: 9, workers: 0);
        using var loader = new BatchLoader(Dataset(), 4, shuffle: true, seed: 9, workers, prefetch: 3);
        for (var epoch = 0; epoch < 3; epoch++)
            Assert.Equal(Contents(expected.Epoch(epoch)), Contents(loader.Epoch(epoch)));
    }

    [Fact]
    public void Epochs_and_seeds_differ_and_repeat()
    {
        using var loader = new BatchLoader(Dataset(), 4, shuffle: true, seed: 1);
        using var other = new BatchLoader(Dataset(), 4, shuffle: true, seed: 2);
        var first = Contents(loader.Epoch(0));
        Assert.NotEqual(first, Contents(loader.Epoch(1)));
        Assert.NotEqual(first, Contents(other.Epoch(0)));
        Assert.Equal(first, Contents(loader.Epoch(0)));
    }

    [Fact]
    public void Every_sample_comes_once_and_the_last_batch_is_kept()
    {
        using var loader = new BatchLoader(Dataset(), 4, shuffle: true, seed: 1);
        var seen = new List<int>();
        var counts = new List<int>();
        foreach (var batch in loader.Epoch(0))
        {
            counts.Add(batch.Count);
            Assert.Equal(batch.Count * Size * Size, batch.Input.Length);
            Assert.Equal(batch.Count * 2 * Size * Size, batch.Target.Length);
            seen.AddRange(batch.Origins.Select(o => o.SliceIndex!.Value));
            batch.Release();
        }

        Assert.Equal([4, 4, 4, 4, 4, 3], counts);
        Assert.Equal(loader.BatchesPerEpoch, counts.Count);
        Assert.Equal(Enumerable.Range(0, Samples), seen.Order());
    }

    [Fact]
    public void Without_shuffling_order_and_augmentation_are_the_same_in_every_epoch()
    {
        using var loader = new BatchLoader(Dataset(), 5, shuffle: false, seed: 1);
        var first = Contents(loader.Epoch(0));
        Assert.Equal(first, Contents(loader.Epoch(4)));
        Assert.Equal(Enumerable.Range(0, Samples), loader.Epoch(2).SelectMany(b => b.Origins).Select(o => o.SliceIndex!.Value));
    }

    [Fact]
    public void An_epoch_can_start_in_the_middle()
    {
        using var loader = new BatchLoader(Dataset(), 4, shuffle: true, seed: 3);
        Assert.Equal(Contents(loader.Epoch(2)).Skip(4), Contents(loader.Epoch(2, firstBatch: 4)));
        Assert.Empty(loader.Epoch(2, firstBatch: 6));
    }

    [Fact]
    public void Released_arrays_are_used_again()
    {
        using var loader = new BatchLoader(Dataset(), 4, shuffle: true, seed: 3, workers: 2, prefetch: 2);
        var arrays = new HashSet<float[]>();
        for (var epoch = 0; epoch < 20; epoch++)
        {
            foreach (var batch in loader.Epoch(epoch))
            {
                arrays.Add(batch.Input);
                batch.Release();
                batch.Release();
            }
        }

        // Two waiting, two in work, one with the consumer, and as many again of the short last batch.
        Assert.InRange(arrays.Count, 1, 10);
        Assert.InRange(loader.PooledArrays, 1, 20);
    }

    [Fact]
    public void Leaving_an_epoch_early_returns_what_was_made_ahead_and_ends_the_workers()
    {
        using var loader = new BatchLoader(Dataset(), 4, shuffle: true, seed: 3, workers: 3, prefetch: 3);
        foreach (var batch in loader.Epoch(0))
        {
            batch.Release();
            break;
        }

        Assert.Equal(6, Contents(loader.Epoch(1)).Count);
    }

    [Fact]
    public void Cancelling_ends_the_epoch()
    {
        using var stop = new CancellationTokenSource();
        using var loader = new BatchLoader(Dataset(), 1, shuffle: true, seed: 3);
        var taken = 0;
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (var batch in loader.Epoch(0, ct: stop.Token))
            {
                batch.Release();
                if (++taken == 3)
                    stop.Cancel();
            }
        });
        Assert.InRange(taken, 3, 3 + 4);
    }

    [Fact]
    public void An_error_in_a_worker_reaches_the_consumer()
    {
        using var dataset = MemoryDataset.Of([[MemoryDataset.Entry(0, new float[1], new GridSize(Size, Size))]], 1);
        using var loader = new BatchLoader(dataset, 1, shuffle: false, seed: 0);
        Assert.ThrowsAny<ArgumentException>(() => loader.Epoch(0).ToList());
    }

    [Fact]
    public void A_disposed_loader_is_not_used()
    {
        var loader = new BatchLoader(Dataset(), 1, shuffle: false, seed: 0);
        loader.Dispose();
        Assert.Throws<ObjectDisposedException>(() => loader.Epoch(0));
    }

    private static SampleDataset Dataset()
    {
        SegTransform[] atAccess =
        [
            Create("RandomReverse"),
            Create("RandomShiftIntensity", ("shift_range", new[] { -1.0, 1.0 }), ("prob", 1.0)),
        ];
        var entries = Enumerable.Range(0, Samples).Select(i => MemoryDataset.Entry(
            i,
            [
                .. Enumerable.Range(0, Size * Size).Select(j => (i * 100f) + j),
                .. Enumerable.Range(0, 2 * Size * Size).Select(j => (i + j) % 3 == 0 ? 1f : 0f),
            ],
            new GridSize(Size, Size)));
        return MemoryDataset.Of([[.. entries]], 2, atAccess);
    }

    private static List<string> Contents(IEnumerable<SampleBatch> batches)
    {
        var contents = new List<string>();
        foreach (var batch in batches)
        {
            contents.Add(string.Join(' ', batch.Input) + " | " + string.Join(' ', batch.Target));
            batch.Release();
        }

        return contents;
    }
}
