using MedSeg.Engine.Data;
using MedSeg.Engine.Transforms;
using Xunit;

namespace MedSeg.Engine.Tests.Data;

public class ImageSelectorTests
{
    [Fact]
    public void Contrasts_are_compared_whole()
    {
        var config = FakeDataset.Config();
        config.LoaderParameters.ContrastParams.TrainingValidation = ["T2"];
        var dataset = FakeDataset.Of(2, ["T2w", "T2star"]);
        Assert.Empty(ImageSelector.OfContrasts(dataset, config, DatasetParts.Training));
        config.LoaderParameters.ContrastParams.TrainingValidation = ["T2star"];
        Assert.All(ImageSelector.OfContrasts(dataset, config, DatasetParts.Training), i => Assert.Equal("T2star", i.Contrast));
        Assert.Equal(4, ImageSelector.OfContrasts(dataset, config, DatasetParts.Testing).Count);
    }

    [Theory]
    [InlineData("acq-MTon_MTS", 1)]
    [InlineData("MTS", 2)]
    public void Acquisitions_can_be_named(string contrast, int expected)
    {
        var config = FakeDataset.Config();
        config.LoaderParameters.ContrastParams.TrainingValidation = [contrast];
        Assert.Equal(expected, ImageSelector.OfContrasts(FakeDataset.Of(1, ["acq-MTon_MTS", "acq-MToff_MTS"]), config, DatasetParts.Training).Count);
    }

    [Fact]
    public void Balance_keeps_the_first_files_of_a_contrast()
    {
        var config = FakeDataset.Config();
        config.LoaderParameters.ContrastParams.Balance = new() { ["T1w"] = 0.5 };
        var kept = ImageSelector.OfContrasts(FakeDataset.Of(5, ["T1w", "T2w"]), config, DatasetParts.Training);
        Assert.Equal(["sub-00", "sub-01"], kept.Where(i => i.Contrast == "T1w").Select(i => i.Subject));
        Assert.Equal(5, kept.Count(i => i.Contrast == "T2w"));
    }

    [Fact]
    public void Images_without_labels_are_left_out_of_training_with_a_warning_but_kept_for_testing()
    {
        var dataset = FakeDataset.Of([FakeDataset.Image("sub-1", "T1w"), FakeDataset.Image("sub-1", "T2w", labelled: false)]);
        var split = new SegSplit("participant_id", 0, ["sub-1"], [], ["sub-1"]);
        var warnings = new List<string>();
        Assert.Single(ImageSelector.Select(dataset, split, FakeDataset.Config(), DatasetParts.Training, warnings.Add));
        Assert.Single(warnings);
        Assert.Equal(2, ImageSelector.Select(dataset, split, FakeDataset.Config(), DatasetParts.Testing).Count);
    }
}
