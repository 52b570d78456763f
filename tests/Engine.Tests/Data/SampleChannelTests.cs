using MedSeg.Engine.Data;
using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Runtime;
using MedSeg.Engine.Transforms;
using Xunit;

namespace MedSeg.Engine.Tests.Data;

public sealed class SampleChannelTests : IDisposable
{
    private static readonly VolumeGeometry Grid = VolumeGeometry.Axial(6, 5, 3, 1, 1, 2);

    private readonly DatasetOnDisk _disk = new();
    private readonly RecordingObserver _observer = new();

    public void Dispose() => _disk.Dispose();

    [Fact]
    public void Channels_lie_in_the_order_of_the_contrasts()
    {
        _disk.AddContrast("sub-1", "T1w", Grid, (x, _, z) => (10 * z) + x, ("_a", (x, _, _) => x == 2 ? 1 : 0));
        _disk.AddContrast("sub-1", "T2w", Grid, (_, y, z) => 1000 + (10 * z) + y);
        using var dataset = Load(Config("T2w", "T1w"));
        Assert.Equal((3, 2, 1), (dataset.Count, dataset.Channels, dataset.Classes));
        var (input, target) = dataset.At(1);
        Assert.Equal((1010 + 4, 10 + 3), (input[(3 * 5) + 4], input[30 + (3 * 5) + 4]));
        Assert.Equal(5, target.Sum());
        Assert.Equal("T2w", dataset.Origins[0].Image.Contrast);
    }

    [Fact]
    public void One_draw_serves_all_channels_and_the_label()
    {
        _disk.AddContrast("sub-1", "T1w", Grid, (x, y, _) => (10 * y) + x, ("_a", (x, y, _) => x == 1 && y == 3 ? 1 : 0));
        _disk.AddContrast("sub-1", "T2w", Grid, (x, y, _) => 500 + (10 * y) + x);
        var config = Config("T1w", "T2w");
        config.Transformation = [Transforms.TransformBuilder.Config("RandomReverse")];
        using var dataset = Load(config);
        var reversed = 0;
        for (var seed = 0; seed < 16; seed++)
        {
            var (input, target) = dataset.At(0, seed);
            for (var i = 0; i < 30; i++)
                Assert.Equal(input[i] + 500, input[30 + i]);
            Assert.Equal(31, input[Array.IndexOf(target, 1)]);
            reversed += input[0] == 0 ? 0 : 1;
        }

        Assert.InRange(reversed, 4, 15);
    }

    [Fact]
    public void A_channel_on_another_grid_is_one_error_that_names_it()
    {
        _disk.AddContrast("sub-1", "T1w", Grid, (x, _, _) => x, ("_a", (_, _, _) => 1));
        _disk.AddContrast("sub-1", "T2w", Grid, (x, _, _) => x);
        _disk.AddContrast("sub-2", "T1w", Grid, (x, _, _) => x, ("_a", (_, _, _) => 1));
        var moved = _disk.AddContrast("sub-2", "T2w", new VolumeGeometry(6, 5, 3, [1, 0, 0, 2, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1]), (x, _, _) => x);
        _disk.AddContrast("sub-3", "T1w", Grid, (x, _, _) => x, ("_a", (_, _, _) => 1));
        var smaller = _disk.AddContrast("sub-3", "T2w", VolumeGeometry.Axial(6, 5, 2, 1, 1, 2), (x, _, _) => x);
        using var dataset = Load(Config("T1w", "T2w"));
        Assert.Equal(3, dataset.Count);
        Assert.All(_observer.Errors, e => Assert.Equal("ChannelGridDiffers", e.ErrorId));
        Assert.Equal([moved.Path, smaller.Path], _observer.Errors.Select(e => e.TargetItem).Order());
    }

    [Fact]
    public void A_channel_stored_in_another_orientation_is_turned_onto_the_first()
    {
        _disk.AddContrast("sub-1", "T1w", Grid, (x, _, _) => x, ("_a", (_, _, _) => 1));
        _disk.AddContrast("sub-1", "T2w", new VolumeGeometry(6, 5, 3, [-1, 0, 0, 5, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1]), (x, _, _) => 5 - x);
        using var dataset = Load(Config("T1w", "T2w"));
        var (input, _) = dataset.At(0);
        Assert.Equal(input[..30], input[30..]);
    }

    [Fact]
    public void Labels_of_several_channels_must_agree_or_one_contrast_is_chosen()
    {
        _disk.AddContrast("sub-1", "T1w", Grid, (x, _, _) => x, ("_a", (x, _, _) => x == 1 ? 1 : 0));
        _disk.AddContrast("sub-1", "T2w", Grid, (x, _, _) => x, ("_a", (x, _, _) => x <= 1 ? 1 : 0));
        var config = Config("T1w", "T2w");
        Assert.Equal("NoImageLoaded", Assert.Throws<SegException>(() => Load(config)).ErrorId);
        var error = Assert.Single(_observer.Errors);
        Assert.Equal("LabelsDiffer", error.ErrorId);
        Assert.Contains("differ in 15 voxels", error.Message, StringComparison.Ordinal);
        Assert.Contains("target_contrast", error.Recommendation, StringComparison.Ordinal);

        foreach (var (contrast, voxels) in new[] { ("T1w", 5), ("T2w", 10) })
        {
            config.LoaderParameters.TargetContrast = contrast;
            using var dataset = Load(config);
            Assert.Equal(voxels, dataset.At(0).Target.Sum());
        }
    }

    [Fact]
    public void Labels_that_agree_are_taken_once()
    {
        foreach (var contrast in new[] { "T1w", "T2w" })
            _disk.AddContrast("sub-1", contrast, Grid, (x, _, _) => x, ("_a", (x, _, _) => x == 1 ? 1 : 0));
        using var dataset = Load(Config("T1w", "T2w"));
        Assert.Equal(5, dataset.At(0).Target.Sum());
    }

    [Fact]
    public void The_empty_input_filter_looks_at_every_channel()
    {
        _disk.AddContrast("sub-1", "T1w", Grid, (x, _, _) => x, ("_a", (_, _, _) => 1));
        _disk.AddContrast("sub-1", "T2w", Grid, (x, _, z) => z == 1 ? 7 : x);
        using var dataset = Load(Config("T1w", "T2w"));
        Assert.Equal([0, 2], dataset.Origins.Select(o => o.SliceIndex!.Value));
    }

    [Fact]
    public void Patches_and_volumes_have_channels_too()
    {
        _disk.AddContrast("sub-1", "T1w", Grid, (x, y, z) => (100 * z) + (10 * y) + x, ("_a", (_, _, z) => z == 2 ? 1 : 0));
        _disk.AddContrast("sub-1", "T2w", Grid, (x, y, z) => 500 + (100 * z) + (10 * y) + x);
        var config = Config("T1w", "T2w");
        config.DefaultModel.Is2D = false;
        (config.DefaultModel.Length3D, config.DefaultModel.Stride3D) = ([2, 2, 2], [2, 2, 2]);
        using var dataset = Load(config);
        Assert.Equal((3 * 3 * 2, 2), (dataset.Count, dataset.Channels));
        for (var i = 0; i < dataset.Count; i++)
        {
            var (input, target) = dataset.At(i);
            Assert.Equal(input[..8].Select(v => v + 500), input[8..]);
            Assert.Equal(input[..8].Select(v => v >= 200 ? 1f : 0), target);
        }
    }

    [Fact]
    public void Input_dropout_runs_in_training_only_and_needs_two_channels()
    {
        _disk.AddContrast("sub-1", "T1w", Grid, (x, _, _) => 1 + x, ("_a", (_, _, _) => 1));
        _disk.AddContrast("sub-1", "T2w", Grid, (x, _, _) => 1 + x);
        var config = Config("T1w", "T2w");
        config.LoaderParameters.IsInputDropout = true;
        int Off(string part)
        {
            using var dataset = Load(config, part);
            return Enumerable.Range(0, 40).Count(seed => dataset.At(0, seed).Input.Contains(0));
        }

        Assert.InRange(Off(DatasetParts.Training), 8, 32);
        Assert.Equal((0, 0), (Off(DatasetParts.Validation), Off(DatasetParts.Testing)));
        config.LoaderParameters.Multichannel = false;
        using var single = SampleDataset.Load([SampleSource.Of(_disk.Images[0])], config, DatasetParts.Training, _observer, default);
        Assert.All(Enumerable.Range(0, 20), seed => Assert.DoesNotContain(0f, single.At(0, seed).Input));
    }

    [Fact]
    public void Dropped_channels_are_uniform_in_number_and_one_that_varies_stays()
    {
        var counts = new int[3];
        var which = new int[3];
        for (var seed = 0; seed < 3000; seed++)
        {
            float[] input = [1, 2, 3, 4, 5, 6];
            InputDropout.Apply(input, 2, new RandomStream(seed));
            var off = Enumerable.Range(0, 3).Where(c => input[2 * c] == 0).ToArray();
            counts[off.Length]++;
            Array.ForEach(off, c => which[c]++);
        }

        Assert.All(counts, n => Assert.InRange(n, 900, 1100));
        Assert.All(which, n => Assert.InRange(n, 900, 1100));
        for (var seed = 0; seed < 200; seed++)
        {
            float[] input = [7, 7, 3, 4, 5, 5];
            InputDropout.Apply(input, 2, new RandomStream(seed));
            Assert.Equal([7, 7, 3, 4, 5, 5], input);
        }
    }

    private static SegConfig Config(params string[] contrasts) => new()
    {
        LoaderParameters = { Multichannel = true, TargetSuffix = ["_a"], ContrastParams = { TrainingValidation = contrasts } },
    };

    private SampleDataset Load(SegConfig config, string part = DatasetParts.Training) =>
        SampleDataset.Load(ChannelGroups.Of(_disk.Images, config, _observer.Warning), config, part, _observer, default);
}
