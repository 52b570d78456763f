using MedSeg.Engine.Data;
using MedSeg.Engine.Data.Sampling;
using Xunit;

namespace MedSeg.Engine.Tests.Data.Sampling;

public class SampleLabelsTests
{
    [Theory]
    [InlineData(false, "010")]
    [InlineData(true, "011")]
    public void The_ground_truth_counts_by_the_classes_that_occur(bool soft, string expected) =>
        Assert.Equal(expected, SampleLabels.OfTarget([0, 0, 0.5f, 0, 0, 0.49f], 2, soft));

    [Fact]
    public void A_column_gives_its_value_and_images_without_one_are_a_group()
    {
        var images = new[] { Image("sub-1", "x"), Image("sub-2", null), Image("sub-3", "y") };
        var warnings = new List<string>();
        var labels = SampleLabels.OfColumn([images[0], images[0], images[1], images[2]], Columns(images), "site", warnings.Add);
        Assert.Equal(["x", "x", "n/a", "y"], labels);
        Assert.Contains("1 of 3", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_that_no_image_has_is_an_error()
    {
        var images = new[] { Image("sub-1", null) };
        var error = Assert.Throws<SegException>(() => SampleLabels.OfColumn(images, Columns(images), "site", null));
        Assert.Equal(("BalanceColumnMissing", "training_parameters.balance_samples.type"), (error.ErrorId, error.TargetItem));
        Assert.Contains("'site'", error.Message, StringComparison.Ordinal);
    }

    private static BidsImage Image(string subject, string? site) =>
        FakeDataset.Image(subject, "T2w") with { Columns = new Dictionary<string, string?> { ["site"] = site } };

    private static DatasetColumns Columns(BidsImage[] images) => new(FakeDataset.Of(images));
}
