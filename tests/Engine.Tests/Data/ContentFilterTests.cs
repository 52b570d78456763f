using MedSeg.Engine.Data.Filters;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Transforms;
using Xunit;

namespace MedSeg.Engine.Tests.Data;

public sealed class ContentFilterTests
{
    [Theory]
    [InlineData(new float[] { 1, 2 }, new float[] { 0, 0, 0, 0 }, false, false, true, true)]
    [InlineData(new float[] { 1, 1 }, new float[] { 1, 1, 1, 1 }, false, false, true, false)]
    [InlineData(new float[] { 1, 1 }, new float[] { 1, 1, 1, 1 }, false, false, false, true)]
    [InlineData(new float[] { 1, 2, 5, 5 }, new float[] { 1, 1, 1, 1 }, false, false, true, false)]
    [InlineData(new float[] { 1, 2 }, new float[] { 0, 0, 0, 1 }, true, false, true, true)]
    [InlineData(new float[] { 1, 2 }, new float[] { 0, 0, 0, 0 }, true, false, true, false)]
    [InlineData(new float[] { 1, 2 }, new float[] { 0, 0, 0, 1 }, false, true, true, false)]
    [InlineData(new float[] { 1, 2 }, new float[] { 1, 0, 0, 1 }, false, true, true, true)]
    public void Slice_filters_decide_as_documented(
        float[] input, float[] target, bool emptyMask, bool absentClass, bool emptyInput, bool keeps)
    {
        var filter = ContentFilter.OfSlices(Settings(emptyMask, absentClass, emptyInput), DatasetParts.Training);
        Assert.Equal(keeps, filter.Keeps(input, target, Sample(1, 2), 2));
    }

    [Fact]
    public void A_class_is_present_where_any_rater_has_it()
    {
        var filter = ContentFilter.OfSlices(Settings(emptyMask: false, absentClass: true, emptyInput: false), DatasetParts.Training);
        Assert.True(filter.Keeps([1, 2], [1, 0, 0, 0, 0, 0, 0, 1], Sample(1, 2), 2));
        Assert.False(filter.Keeps([1, 2], [1, 0, 0, 0, 1, 0, 0, 0], Sample(1, 2), 2));
    }

    [Fact]
    public void What_looks_at_labels_does_not_act_on_the_test_set_and_patches_are_never_left_out_there()
    {
        var size = Sample(1, 2);
        var slices = ContentFilter.OfSlices(Settings(emptyMask: true, absentClass: true, emptyInput: true), DatasetParts.Testing);
        Assert.True(slices.Keeps([1, 2], [0, 0], size, 1));
        Assert.False(slices.Keeps([1, 1], [1, 1], size, 1));
        var patches = new PatchFilterConfig { FilterAbsentClass = true, FilterEmptyInput = true, FilterEmptyMask = true };
        Assert.False(ContentFilter.OfPatches(patches, DatasetParts.Testing).IsOn);
        Assert.False(ContentFilter.OfPatches(patches, DatasetParts.Validation).Keeps([1, 1], [1, 1], size, 1));
    }

    [Theory]
    [InlineData(0.5, 0.9, true)]
    [InlineData(0.49, 0.9, false)]
    [InlineData(0.9, double.NaN, false)]
    public void A_slice_stays_where_the_classifier_accepts_every_channel(double first, double second, bool keeps)
    {
        var filter = ContentFilter.OfSlices(new() { FilterClassification = true, FilterEmptyInput = false }, DatasetParts.Training, new Classifier(slice => slice[0] == 1 ? first : second));
        Assert.Equal(keeps, filter.Keeps([1, 2, 3, 4], [0, 0], Sample(1, 2), 1));
    }

    [Fact]
    public void Classification_without_a_classifier_is_an_error() => Assert.Equal(
        "NoClassifier",
        Assert.Throws<SegException>(() => ContentFilter.OfSlices(new() { FilterClassification = true }, DatasetParts.Training)).ErrorId);

    [SharedFact]
    public void Slices_and_patches_are_left_out_where_the_reference_does_so()
    {
        var golden = Golden.Load("filters");
        var compared = 0;
        foreach (var c in golden.Of("SliceFilter/PatchFilter"))
        {
            float[] Planes(string name) => [.. c.Parameters.GetProperty(name).EnumerateArray().SelectMany(array => golden.Arrays[array.GetString()!].Floats())];
            float[] input = Planes("input"), target = Planes("gt");
            var size = new GridSize(4, 5);
            foreach (var expected in c.Json.GetProperty("out").EnumerateObject())
            {
                bool On(string rule) => expected.Name.Contains(rule + "1", StringComparison.Ordinal);
                var patches = new PatchFilterConfig { FilterEmptyMask = On("em"), FilterAbsentClass = On("ac"), FilterEmptyInput = On("ei") };
                var filter = expected.Name.StartsWith("slice", StringComparison.Ordinal)
                    ? ContentFilter.OfSlices(Settings(On("em"), On("ac"), On("ei")), DatasetParts.Training)
                    : ContentFilter.OfPatches(
                        patches, expected.Name.StartsWith("patch_test", StringComparison.Ordinal) ? DatasetParts.Testing : DatasetParts.Training);
                Assert.True(
                    expected.Value.GetBoolean() == filter.Keeps(input, target, Sample(4, 5), target.Length / size.Count), $"{c.Name} {expected.Name}");
                compared++;
            }
        }

        Assert.Equal(480, compared);
    }

    /// <summary>The reference drops slices whose region has at most this many voxels, and empty ones.</summary>
    [SharedFact]
    public void Regions_decide_as_in_the_reference()
    {
        foreach (var c in Golden.Load("filters").Of("filter_roi"))
        {
            int count = c.Parameters.GetProperty("n_nonzero").GetInt32(), limit = c.Parameters.GetProperty("thr").GetInt32();
            var roi = Enumerable.Range(0, 20).Select(i => i < count ? 1f : 0).ToArray();
            var filter = RoiFilter.Of(new RoiConfig { Suffix = "_roi", SliceFilterRoi = limit }, DatasetParts.Validation)!;
            Assert.Equal(c.Json.GetProperty("out").GetProperty("discard").GetBoolean(), !filter.Keeps(roi));
        }
    }

    [Fact]
    public void A_region_counts_in_training_and_validation_only()
    {
        Assert.Null(RoiFilter.Of(new RoiConfig { Suffix = "_roi", SliceFilterRoi = 5 }, DatasetParts.Testing));
        Assert.Null(RoiFilter.Of(new RoiConfig(), DatasetParts.Training));
        Assert.False(RoiFilter.Of(new RoiConfig { Suffix = "_roi" }, DatasetParts.Training)!.Keeps([0, 0]));
    }

    private static SampleInfo Sample(int h, int w) => new(new GridSize(h, w), (1, 1, 1), 1);

    private sealed class Classifier(Func<float[], double> probability) : ISliceClassifier
    {
        public double Probability(ReadOnlySpan<float> slice, SampleInfo sample) => probability(slice.ToArray());
    }

    private static SliceFilterConfig Settings(bool emptyMask, bool absentClass, bool emptyInput) =>
        new() { FilterEmptyMask = emptyMask, FilterAbsentClass = absentClass, FilterEmptyInput = emptyInput };
}
