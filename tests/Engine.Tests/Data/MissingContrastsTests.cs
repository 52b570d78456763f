using MedSeg.Engine.Data;
using MedSeg.Engine.Data.Loading;
using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Tests.Transforms;
using MedSeg.Engine.Transforms;
using Xunit;

namespace MedSeg.Engine.Tests.Data;

/// <summary>Samples of a network that bears missing contrasts (known defect D-31).</summary>
public sealed class MissingContrastsTests : IDisposable
{
    private static readonly VolumeGeometry Grid = VolumeGeometry.Axial(6, 5, 3, 1, 1, 2);

    private readonly DatasetOnDisk _disk = new();
    private readonly RecordingObserver _observer = new();

    public void Dispose() => _disk.Dispose();

    [Fact]
    public void A_sample_without_a_contrast_stays_and_keeps_the_others_in_their_channels()
    {
        AddThree();
        var config = Config();
        var sources = ChannelGroups.Of(_disk.Images, config, _observer.Warning);
        Assert.Equal(["0 1 2", "1", "0 2"], sources.Select(source => string.Join(' ', source.Slots)));
        Assert.All(sources, source => Assert.Equal(3, source.ChannelCount));
        Assert.Equal(["T1w", "T2w", "T1w"], sources.Select(source => source.Reference.Contrast));
        Assert.Empty(_observer.Warnings);

        config.HemisUnet.Applied = false;
        Assert.Equal("sub-1", Assert.Single(ChannelGroups.Of(_disk.Images, config, _observer.Warning)).Reference.Subject);
        Assert.Equal(2, _observer.Warnings.Count);
    }

    [Theory]
    [InlineData("slices")]
    [InlineData("patches")]
    [InlineData("volumes")]
    public void What_is_missing_is_zero_after_all_transforms_and_the_network_is_told(string kind)
    {
        AddThree();
        var config = Config();
        config.Transformation = [TransformBuilder.Config("NormalizeInstance"), TransformBuilder.Config("RandomShiftIntensity", ("shift_range", new[] { 5.0, 6.0 }), ("prob", 1.0))];
        config.DefaultModel.Is2D = kind != "volumes";
        if (kind == "patches")
            (config.DefaultModel.Length2D, config.DefaultModel.Stride2D) = ([3, 3], [3, 3]);
        using var dataset = Load(config);
        using var loader = new BatchLoader(dataset, 2, shuffle: false, seed: 1, workers: 0);
        var seen = new HashSet<string>();
        foreach (var batch in loader.Epoch(1))
        {
            Assert.Equal(batch.Count * 3, batch.Available!.Length);
            for (var i = 0; i < batch.Count * 3; i++)
            {
                var plane = batch.Input.AsSpan(i * batch.Size.Count, batch.Size.Count).ToArray();
                Assert.Equal(batch.Available[i] > 0 ? 1 : 0, plane.Any(value => value != 0) ? 1 : 0);
                Assert.All(plane, value => Assert.True(float.IsFinite(value)));
            }

            for (var i = 0; i < batch.Count; i++)
            {
                var row = string.Concat(batch.Available.AsSpan(i * 3, 3).ToArray());
                Assert.Equal(batch.Origins[i].Image.Subject switch { "sub-1" => "111", "sub-2" => "010", _ => "101" }, row);
                seen.Add(row);
                var target = batch.Target.AsSpan(i * batch.Size.Count, batch.Size.Count);
                Assert.True(row != "010" || kind == "patches" || target.Contains(1), "the label of the contrast that is there counts");
            }
        }

        Assert.Equal(3, seen.Count);
    }

    [Fact]
    public void The_filter_of_empty_input_looks_at_what_is_there()
    {
        AddThree();
        using var dataset = Load(Config());
        Assert.Equal(9, dataset.Count);
    }

    [Fact]
    public void With_a_chosen_contrast_labels_of_others_do_not_count_though_it_is_missing()
    {
        AddThree();
        var config = Config();
        config.LoaderParameters.TargetContrast = "T1w";
        using var dataset = Load(config);
        var other = dataset.Origins.Select((origin, i) => (origin, i)).First(o => o.origin.Image.Subject == "sub-2").i;
        Assert.Equal(0, dataset.At(other).Target.Sum());
        Assert.Equal([0], dataset.Origins[other].UnlabelledClasses);
    }

    [Fact]
    public void The_probability_grows_from_epoch_to_epoch()
    {
        var hiding = new MissingContrasts(1e-5, 0.9);
        Assert.Equal(0, hiding.At(1));
        Assert.Equal(Math.Pow(1e-5, 0.9), hiding.At(2), 12);
        Assert.Equal(Math.Pow(Math.Pow(Math.Pow(1e-5, 0.9), 0.9), 0.9), hiding.At(4), 12);
        Assert.InRange(hiding.At(60), 0.97, 1);
        Assert.Equal((0.25, 0, 1), (new MissingContrasts(0.25, 1).At(9), new MissingContrasts(0, 0.5).At(9), new MissingContrasts(0.3, 0).At(2)));
    }

    [Fact]
    public void Each_contrast_is_hidden_alike_and_one_always_stays()
    {
        var hiding = new MissingContrasts(0.4, 1);
        var (hidden, alone) = (new int[3], new int[3]);
        for (var sample = 0; sample < 6000; sample++)
        {
            float[] available = [1, 1, 1];
            hiding.Hide(available, 7, 2, sample);
            Assert.Contains(1f, available);
            for (var c = 0; c < 3; c++)
                hidden[c] += available[c] == 0 ? 1 : 0;
        }

        // 0.4 less the third of the cases in which all three would be hidden: 0.4 − 0.4³/3.
        Assert.All(hidden, n => Assert.InRange(n, 6000 * 0.355, 6000 * 0.402));
        for (var sample = 0; sample < 3000; sample++)
        {
            float[] available = [1, 1, 1];
            new MissingContrasts(1, 1).Hide(available, 7, 2, sample);
            alone[Array.IndexOf(available, 1f)]++;
            Assert.Equal(1, available.Sum());
        }

        Assert.All(alone, n => Assert.InRange(n, 900, 1100));
        float[] lacking = [0, 1, 0];
        new MissingContrasts(1, 1).Hide(lacking, 7, 2, 1);
        Assert.Equal([0, 1, 0], lacking);
    }

    [Fact]
    public void Hiding_depends_on_seed_epoch_and_sample_alone_and_changes_nothing_else()
    {
        AddThree();
        var config = Config();
        config.Transformation = [TransformBuilder.Config("RandomReverse")];
        var whole = Take(config, DatasetParts.Training, epoch: 3, workers: 0);
        config.HemisUnet.MissingProbability = 0.5;
        var hidden = Take(config, DatasetParts.Training, epoch: 3, workers: 0);

        Assert.Equal(hidden, Take(config, DatasetParts.Training, epoch: 3, workers: 3));
        Assert.NotEqual(hidden.Select(s => s.Available), Take(config, DatasetParts.Training, epoch: 4, workers: 0).Select(s => s.Available));
        Assert.Equal(whole.Select(s => s.Available).Order(), Take(config, DatasetParts.Training, epoch: 1, workers: 0).Select(s => s.Available).Order());
        Assert.Equal(
            Take(config, DatasetParts.Validation, epoch: 3, workers: 0).Select(s => s.Available), Take(config, DatasetParts.Validation, epoch: 9, workers: 2).Select(s => s.Available));
        Assert.Contains(hidden.Zip(whole), pair => pair.First.Available != pair.Second.Available);
        foreach (var (one, all) in hidden.Zip(whole))
        {
            Assert.Equal((all.Name, all.Target), (one.Name, one.Target));
            for (var c = 0; c < 3; c++)
            {
                var planes = one.Input.Split(';')[c];
                Assert.Equal(one.Available[c] == '1' ? all.Input.Split(';')[c] : string.Join(' ', new int[30]), planes);
            }
        }
    }

    [Fact]
    public void Networks_that_do_not_ask_are_not_told()
    {
        AddThree();
        var config = Config();
        config.HemisUnet.Applied = false;
        Assert.All(Take(config, DatasetParts.Training, 2, 0), sample => Assert.Equal("", sample.Available));
    }

    private void AddThree()
    {
        Func<int, int, int, float> cord = (x, y, z) => x == z + 1 || y == 3 ? 1 : 0;
        foreach (var contrast in new[] { "T1w", "T2w", "PDw" })
            _disk.AddContrast("sub-1", contrast, Grid, Value, ("_a", cord));
        _disk.AddContrast("sub-2", "T2w", Grid, Value, ("_a", cord));
        _disk.AddContrast("sub-3", "T1w", Grid, Value);
        _disk.AddContrast("sub-3", "PDw", Grid, Value, ("_a", cord));

        static float Value(int x, int y, int z) => 1 + (100 * z) + (10 * y) + x;
    }

    private sealed record Sample(string Name, string Available, string Input, string Target);

    private List<Sample> Take(SegConfig config, string part, int epoch, int workers)
    {
        using var dataset = Load(config, part);
        using var loader = new BatchLoader(dataset, 2, shuffle: part == DatasetParts.Training, seed: 5, workers: workers);
        var samples = new List<Sample>();
        foreach (var batch in loader.Epoch(epoch))
        {
            var plane = batch.Size.Count;
            for (var i = 0; i < batch.Count; i++)
            {
                var planes = Enumerable.Range(i * batch.Channels, batch.Channels).Select(p => string.Join(' ', batch.Input.AsSpan(p * plane, plane).ToArray()));
                samples.Add(new Sample(
                    batch.Origins[i].ToString(), batch.Available is { } a ? string.Concat(a.AsSpan(i * batch.Channels, batch.Channels).ToArray()) : "",
                    string.Join(';', planes), string.Join(' ', batch.Target.AsSpan(i * plane, plane).ToArray())));
            }

            batch.Release();
        }

        return samples;
    }

    private static SegConfig Config() => new()
    {
        LoaderParameters = { Multichannel = true, TargetSuffix = ["_a"], ContrastParams = { TrainingValidation = ["T1w", "T2w", "PDw"] } },
        HemisUnet = { Applied = true, MissingProbability = 0, MissingProbabilityGrowth = 1 },
    };

    private SampleDataset Load(SegConfig config, string part = DatasetParts.Training) =>
        SampleDataset.Load(ChannelGroups.Of(_disk.Images, config, _observer.Warning), config, part, _observer, default);
}
