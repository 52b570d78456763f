using MedSeg.Engine.Data.Loading;
using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Transforms;
using Xunit;

namespace MedSeg.Engine.Tests.Data.Film;

/// <summary>Batches of images with metadata.</summary>
public sealed class FilmBatchTests : IDisposable
{
    private readonly DatasetOnDisk _disk = new();

    public void Dispose() => _disk.Dispose();

    /// <summary>The reference modulates a whole batch by its first sample (known defect D-35).</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Each_sample_has_the_row_of_its_image(int workers)
    {
        for (var i = 0; i < 3; i++)
            _disk.Add(labels: ("_seg", (x, _, _) => x > 2 ? 1 : 0));
        float[][] rows = [[1, 0], [0, 1], [0, 0]];
        using var dataset = Load(rows);
        using var loader = new BatchLoader(dataset, 5, shuffle: true, seed: 3, workers);
        var seen = 0;
        foreach (var epoch in new[] { 1, 2 })
        {
            foreach (var batch in loader.Epoch(epoch))
            {
                Assert.Equal((2, 2 * batch.Count), (batch.MetadataWidth, batch.Metadata!.Length));
                for (var n = 0; n < batch.Count; n++)
                {
                    var image = _disk.Images.IndexOf(batch.Origins[n].Image);
                    Assert.Equal(rows[image], batch.Metadata[(2 * n)..((2 * n) + 2)]);
                    Assert.Equal(image, (int)batch.Input[n * 30] / 1000);
                    seen++;
                }

                batch.Release();
            }
        }

        Assert.Equal(2 * 3 * 4, seen);
    }

    /// <summary>The reference replaces the dataset by samples that were transformed once and for all (known defect D-34).</summary>
    [Fact]
    public void Samples_are_still_made_at_each_access()
    {
        _disk.Add(labels: ("_seg", (x, _, _) => x > 2 ? 1 : 0));
        using var dataset = Load([[1]], new TransformConfig("RandomShiftIntensity", new Dictionary<string, object?> { ["shift_range"] = new object?[] { -50.0, 50.0 }, ["prob"] = 1.0 }) { AppliedTo = ["im"] });
        using var loader = new BatchLoader(dataset, 4, shuffle: true, seed: 3, workers: 0);
        var sums = Enumerable.Range(1, 3).Select(epoch =>
        {
            var batch = loader.Epoch(epoch).First();
            var sum = batch.Input.Take(4 * 30).Sum(v => (double)v);
            batch.Release();
            return sum;
        }).ToList();
        Assert.Equal(3, sums.Distinct().Count());
    }

    [Fact]
    public void Plain_datasets_have_no_rows()
    {
        _disk.Add(labels: ("_seg", (x, _, _) => x > 2 ? 1 : 0));
        using var dataset = Load(null);
        using var loader = new BatchLoader(dataset, 4, shuffle: false, seed: 3, workers: 0);
        var batch = loader.Epoch(1).First();
        Assert.Null(batch.Metadata);
        Assert.Equal(0, batch.MetadataWidth);
        batch.Release();
    }

    private SampleDataset Load(float[][]? rows, params TransformConfig[] transforms) => SampleDataset.Load(
        _disk.Sources, new SegConfig { LoaderParameters = { TargetSuffix = ["_seg"] }, Transformation = transforms }, DatasetParts.Training,
        SilentObserver.Instance, default, new SampleDatasetOptions { Metadata = rows });
}
