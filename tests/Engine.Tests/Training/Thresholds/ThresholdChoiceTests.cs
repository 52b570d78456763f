using MedSeg.Engine.Data.Patches;
using MedSeg.Engine.Training.Thresholds;
using MedSeg.Engine.Transforms;
using Xunit;

namespace MedSeg.Engine.Tests.Training.Thresholds;

public class ThresholdChoiceTests
{
    private static readonly ThresholdGrid Tenths = new(0.1);

    [Theory]
    [InlineData(0.1, 9, 0.9)]
    [InlineData(0.05, 19, 0.95)]
    [InlineData(0.3, 3, 0.9)]
    [InlineData(0.5, 1, 0.5)]
    [InlineData(0.001, 999, 0.999)]
    public void Thresholds_are_multiples_of_the_increment_below_one(double increment, int count, double last)
    {
        var grid = new ThresholdGrid(increment);
        Assert.Equal((count, last), (grid.Values.Count, grid.Values[^1]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.51)]
    [InlineData(double.NaN)]
    public void An_increment_that_makes_no_sense_is_refused(double increment) =>
        Assert.Equal("ThresholdIncrementRange", Assert.Throws<SegException>(() => new ThresholdGrid(increment)).ErrorId);

    [Fact]
    public void A_probability_reaches_the_thresholds_that_prediction_would_say_it_reaches()
    {
        foreach (double increment in (double[])[0.001, 0.01, 0.07, 0.1, 0.3])
        {
            var grid = new ThresholdGrid(increment);
            foreach (float p in (float[])[0, 0.1f, 0.3f, 0.7f, 0.29999998f, 0.07f, 0.0999f, 0.999f, 1, float.NaN, .. grid.Values.Select(t => (float)t)])
                Assert.Equal(grid.Values.Count(t => p >= t), grid.Reached(p));
        }
    }

    [Fact]
    public void The_threshold_with_the_highest_mean_dice_wins()
    {
        // First image: perfect from 0.3 to 0.6; second one from 0.5 to 0.8; together from 0.5 to 0.6, of which 0.6 is the larger.
        SegThresholdSearch found = Choose(SegThresholdCriterion.Dice, Count([0.65f, 0.25f], [1, 0]), Count([0.85f, 0.45f], [1, 0]));
        Assert.Equal((0.6, 2, 0.1), (found.Threshold, found.Images, found.Increment));
        Assert.Equal(1, found.Points.Single(p => p.Threshold == 0.6).Dice);
        Assert.Equal(((2.0 / 3) + (2.0 / 3)) / 2, found.Points[0].Dice!.Value, 1e-12);
    }

    [Fact]
    public void The_roc_weighs_both_rates_alike_where_dice_does_not()
    {
        // Of 100 voxels 2 are labelled. At 0.9 one is found without a mistake, lower down both; with 5 mistakes where these reach 0.3 as well.
        float[] p = [0.95f, 0.3f, .. Enumerable.Repeat(0.25f, 5), .. new float[93]], g = [1, 1, .. new float[98]];
        Assert.Equal(0.9, Choose(SegThresholdCriterion.Dice, Count([0.95f, 0.3f, .. Enumerable.Repeat(0.35f, 5), .. new float[93]], g)).Threshold);
        SegThresholdSearch roc = Choose(SegThresholdCriterion.Roc, Count(p, g));
        Assert.Equal((0.3, 1.0, 1.0), (roc.Threshold, Point(roc, 0.3).Recall, Point(roc, 0.3).Specificity));
        Assert.Equal(0.5, Point(roc, 0.9).Recall);
        Assert.Equal(93.0 / 98, Point(roc, 0.2).Specificity!.Value, 1e-12);
    }

    [Fact]
    public void Images_in_which_a_figure_is_undefined_do_not_count_and_without_labels_there_is_no_choice()
    {
        // An empty image has no Dice at thresholds that nothing reaches.
        SegThresholdSearch found = Choose(SegThresholdCriterion.Dice, Count([0.8f, 0.1f], [1, 0]), Count([0.35f, 0.1f], [0, 0]));
        Assert.Equal(0.8, found.Threshold);
        Assert.Equal(1, Point(found, 0.5).Dice);
        Assert.Equal(0.5, Point(found, 0.3).Dice);
        Assert.Null(ThresholdChoice.Of(Tenths, SegThresholdCriterion.Roc, [Count([0.8f, 0.1f], [0, 0])], 1));
        Assert.Null(ThresholdChoice.Of(Tenths, SegThresholdCriterion.Dice, [], 0));
    }

    [Fact]
    public void Where_patches_overlap_every_voxel_counts_once_with_its_mean()
    {
        // Two patches of 1×2 voxels over a line of 3: the middle one is the mean of 0.2 and 0.8.
        var patches = new PatchMean(1);
        patches.Add(new PatchCorner(0, 0), new GridSize(1, 2), [0.9f, 0.2f], [1, 1]);
        patches.Add(new PatchCorner(0, 1), new GridSize(1, 2), [0.8f, 0.1f], [1, 0]);
        var counts = new ThresholdCounts(Tenths);
        patches.CountInto(counts);
        Assert.Equal(2, counts.Overlaps()[3].Common);
        Assert.Equal(1, counts.Overlaps()[5].Common);
        Assert.Equal((2.0, 3.0), (counts.Overlaps()[0].Reference, counts.Overlaps()[0].Voxels));
        patches.CountInto(counts);
        Assert.Equal(3, counts.Overlaps()[0].Voxels);
    }

    private static SegThresholdSearch Choose(SegThresholdCriterion criterion, params ThresholdCounts[] images) =>
        ThresholdChoice.Of(Tenths, criterion, images, images.Length)!;

    private static ThresholdCounts Count(float[] prediction, float[] reference)
    {
        var counts = new ThresholdCounts(Tenths);
        counts.Add(prediction, reference);
        return counts;
    }

    private static SegThresholdPoint Point(SegThresholdSearch search, double threshold) => search.Points.Single(p => p.Threshold == threshold);
}
