using MedSeg.Engine.Bids;
using MedSeg.Engine.Tests.Inference;
using Xunit;

namespace MedSeg.Engine.Tests.Bids;

/// <summary>Every label that a configuration names is indexed, and none is taken for another.</summary>
public class ConfigRequestTests
{
    private const string Labels = "derivatives/labels/sub-01/anat/sub-01_T1w";

    private static BidsFolder Labelled() => BidsFolder.Clean()
        .Image(Labels + "_a1.nii.gz").Image(Labels + "_a2.nii.gz").Image(Labels + "_b1.nii.gz").Image(Labels + "_b2.nii.gz")
        .Image(Labels + "_roi.nii.gz").Image(Labels + "_other.nii.gz");

    [Fact]
    public void Every_rater_and_the_region_are_indexed()
    {
        using var folder = Labelled();
        var config = new SegConfig
        {
            LoaderParameters =
            {
                TargetSuffix = ["_a1", "_b1"], TargetSuffixRaters = [["_a1", "_a2"], ["_b1", "_b2"]], RoiParams = { Suffix = "_roi" },
            },
        };
        var image = Assert.Single(BidsFolder.Scan(ConfigRequest.Of(config, [folder.Root], folder.Root)).Images);
        Assert.Equal(["_a1", "_a2", "_b1", "_b2", "_roi"], image.Labels.Keys);
        Assert.All(image.Labels, l => Assert.EndsWith(l.Key + ".nii.gz", l.Value, StringComparison.Ordinal));
    }

    /// <summary>An image with the region alone lacks its classes.</summary>
    [Fact]
    public void The_region_is_no_class()
    {
        using var folder = Labelled();
        folder.Image("sub-01/anat/sub-01_T2w.nii.gz").Image("derivatives/labels/sub-01/anat/sub-01_T2w_roi.nii.gz");
        var dataset = folder.Scan(targets: ["_a1", "_a2"], roi: "_roi");
        Assert.Equal("sub-01/anat/sub-01_T2w.nii.gz has no label _a1 or _a2.", Assert.Single(dataset.Findings).Message);
    }

    [Fact]
    public void A_region_that_no_image_has_is_one_finding()
    {
        using var folder = Labelled();
        var finding = Assert.Single(folder.Scan(targets: ["_a1"], roi: "_cord").Findings);
        Assert.Equal("TargetNotFound", finding.Id);
        Assert.Contains("'_cord'", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("T1w", "T2w", "T1w,T2w")]
    [InlineData("T1w", "", "")]
    [InlineData("T1w,T2w", "T2w", "T1w,T2w")]
    public void Contrasts_of_all_parts_are_wanted(string training, string testing, string expected)
    {
        var config = new SegConfig
        {
            LoaderParameters = { ContrastParams = { TrainingValidation = Split(training), Testing = Split(testing) }, Extensions = [".nii"] },
        };
        var request = ConfigRequest.Of(config, ["/data"], "/here");
        Assert.Equal(Split(expected), request.Contrasts);
        Assert.Equal([".nii"], request.Extensions);
        Assert.Null(request.RoiSuffix);
    }

    [Fact]
    public void Patterns_and_validation_are_passed_on()
    {
        var config = new SegConfig { LoaderParameters = { BidsConfig = "names.json", BidsValidate = false } };
        Assert.Equal(Path.GetFullPath("/here/names.json"), ConfigRequest.Of(config, ["/data"], "/here").BidsConfig);
        Assert.False(ConfigRequest.Of(config, ["/data"], "/here").Validate);
        var plain = ConfigRequest.Of(new SegConfig(), ["/data"], "/here");
        Assert.Equal((null, true), (plain.BidsConfig, plain.Validate));
    }

    /// <summary>The patterns of a training are those of the dataset that it was given, whatever the configuration says.</summary>
    [Fact]
    public void A_model_reads_its_dataset_as_its_training_did()
    {
        var config = new SegConfig { LoaderParameters = { BidsConfig = "other.json", BidsValidate = true, TargetSuffix = ["_a"] } };
        var model = CopyModel.Wrap("m", "/models/m", config, "") with
        {
            DatasetRoots = ["/data"], DatasetBidsConfig = "/patterns/names.json", DatasetValidated = false,
        };
        var request = ConfigRequest.Of(model);
        Assert.Equal(("/patterns/names.json", false), (request.BidsConfig, request.Validate));
        Assert.Equal(["/data"], request.Paths);
        Assert.Equal(["_a"], request.TargetSuffixes);
    }

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries);
}
