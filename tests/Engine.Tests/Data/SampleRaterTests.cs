using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Transforms;
using Xunit;

namespace MedSeg.Engine.Tests.Data;

/// <summary>Two classes, two raters: rater 1 marks rows below 2, rater 2 rows below 4.</summary>
public sealed class SampleRaterTests : IDisposable
{
    private readonly DatasetOnDisk _disk = new();
    private readonly RecordingObserver _observer = new();

    public void Dispose() => _disk.Dispose();

    [Fact]
    public void One_rater_is_drawn_at_each_access_for_all_classes()
    {
        Add("_a1", "_a2", "_b1", "_b2");
        using var dataset = Load(["_a1", "_a2"], ["_b1", "_b2"]);
        var drawn = Enumerable.Range(0, 60).Select(seed => Rows(dataset.At(0, seed).Target)).ToList();
        Assert.All(drawn, rows => Assert.Equal(rows.A, rows.B));
        Assert.InRange(drawn.Count(rows => rows.A == 2), 15, 45);
        Assert.Equal([2, 4], drawn.Select(rows => rows.A).Distinct().Order());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Validation_takes_the_share_of_raters_and_never_draws(bool soft)
    {
        Add("_a1", "_a2", "_b1", "_b2");
        var config = Config(["_a1", "_a2"], ["_b1", "_b2"]);
        config.LoaderParameters.SoftGt = soft;
        foreach (var part in new[] { DatasetParts.Validation, DatasetParts.Testing })
        {
            using var dataset = SampleDataset.Load(_disk.Sources, config, part, _observer, default);
            var target = dataset.At(0).Target;
            Assert.All(Enumerable.Range(0, 20), seed => Assert.Equal(target, dataset.At(0, seed).Target));
            Assert.Equal((4, 4), Rows(target));
            Assert.Equal(soft ? [1f, 1, 0.5f, 0.5f, 0, 0] : [1f, 1, 1, 1, 0, 0], Enumerable.Range(0, 6).Select(x => target[x * 5]));
        }
    }

    [Fact]
    public void A_class_with_one_suffix_is_shared_by_all_raters()
    {
        Add("_a1", "_a2", "_b1");
        using var dataset = Load(["_a1", "_a2"], ["_b1"]);
        var drawn = Enumerable.Range(0, 40).Select(seed => Rows(dataset.At(0, seed).Target)).ToList();
        Assert.Equal([2, 4], drawn.Select(rows => rows.A).Distinct().Order());
        Assert.All(drawn, rows => Assert.Equal(2, rows.B));
    }

    [Fact]
    public void A_rater_without_labels_of_an_image_is_not_drawn_for_it_and_a_missing_class_is_absent()
    {
        Add("_a1", "_b1");
        Add("_a1", "_a2", "_b1");
        using var dataset = Load(["_a1", "_a2"], ["_b1", "_b2"]);
        Assert.All(Enumerable.Range(0, 20), seed => Assert.Equal((2, 2), Rows(dataset.At(0, seed).Target)));
        var second = dataset.Ids.ToList().FindIndex(id => id.Source == 1);
        Assert.Equal([(2, 2), (4, 0)], Enumerable.Range(0, 40).Select(seed => Rows(dataset.At(second, seed).Target)).Distinct().Order());
        Assert.Contains(_observer.Warnings, w => w.Contains("1 of 2 images have no label _a2;", StringComparison.Ordinal));
        Assert.Contains(_observer.Warnings, w => w.Contains("2 of 2 images have no label _b2;", StringComparison.Ordinal));
        Assert.DoesNotContain(_observer.Warnings, w => w.Contains("_a1;", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(DatasetParts.Training, "is not drawn")]
    [InlineData(DatasetParts.Validation, "not having marked")]
    public void What_a_missing_rater_means_is_said_for_each_part(string part, string meaning)
    {
        Add("_a1", "_b1");
        Add("_a1", "_a2", "_b1");
        using var dataset = SampleDataset.Load(_disk.Sources, Config(["_a1", "_a2"], ["_b1", "_b2"]), part, _observer, default);
        Assert.Contains(meaning, _observer.Warnings.Single(w => w.Contains(" _a2;", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("import the dataset", _observer.Warnings.Single(w => w.Contains(" _b2;", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(2, _observer.Warnings.Count);
    }

    [Fact]
    public void Classes_with_different_numbers_of_raters_are_refused() => Assert.Equal(
        "RatersDiffer", Assert.Throws<SegException>(() => LabelPlan.Of(Config(["_a1", "_a2"], ["_b1", "_b2", "_b3"]).LoaderParameters)).ErrorId);

    [Fact]
    public void The_suffixes_to_index_are_those_of_all_raters_and_of_the_region()
    {
        var loader = Config(["_a1", "_a2"], ["_b1", "_a2"]).LoaderParameters;
        loader.RoiParams.Suffix = "_roi";
        Assert.Equal(["_a1", "_a2", "_b1"], loader.TargetSuffixes());
        Assert.Equal(["_a1", "_a2", "_b1", "_roi"], loader.LabelSuffixes());
        Assert.Equal(["_x"], new LoaderConfig { TargetSuffix = ["_x"] }.LabelSuffixes());
    }

    private static (int A, int B) Rows(float[] target) =>
        (target.Take(30).Count(v => v >= 0.5f) / 5, target.Skip(30).Count(v => v >= 0.5f) / 5);

    private static SegConfig Config(params string[][] raters) => new()
    {
        LoaderParameters = { TargetSuffix = [.. raters.Select(r => r[0])], TargetSuffixRaters = raters },
    };

    private void Add(params string[] suffixes) => _disk.Add(6, 5, 1, labels:
        [.. suffixes.Select(suffix => (suffix, (Func<int, int, int, float>)((x, _, _) => x < (suffix.EndsWith('1') ? 2 : 4) ? 1 : 0)))]);

    private SampleDataset Load(params string[][] raters) =>
        SampleDataset.Load(_disk.Sources, Config(raters), DatasetParts.Training, _observer, default);
}
