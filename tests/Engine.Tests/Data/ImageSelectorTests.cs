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
    public void Balance_keeps_the_first_files_of_a_contrast_in_each_part()
    {
        var config = FakeDataset.Config();
        config.LoaderParameters.ContrastParams.Balance = new() { ["T1w"] = 0.5, ["T3w"] = 0.1 };
        var split = new SegSplit("participant_id", 0, ["sub-00", "sub-02", "sub-04"], ["sub-01", "sub-03"], ["sub-05"]);
        var warnings = new List<string>();
        IReadOnlyList<BidsImage> Kept(string part) => ImageSelector.Select(FakeDataset.Of(6, ["T1w", "T2w"]), split, config, part, warnings.Add);
        Assert.Equal(["sub-00"], Kept(DatasetParts.Training).Where(i => i.Contrast == "T1w").Select(i => i.Subject));
        Assert.Contains("'T3w'", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Equal(3, Kept(DatasetParts.Training).Count(i => i.Contrast == "T2w"));
        Assert.Equal(["sub-01"], Kept(DatasetParts.Validation).Where(i => i.Contrast == "T1w").Select(i => i.Subject));
        Assert.Equal(["T2w"], Kept(DatasetParts.Testing).Select(i => i.Contrast));
    }

    [Fact]
    public void Balance_keeps_the_stated_share_of_each_contrast_whatever_the_order_of_files()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new MedSeg.Engine.Runtime.RandomStream(seed);
            var n = 1 + random.Next(30);
            var twentieths = random.Next(21);
            var dataset = FakeDataset.Of(n, ["T1w", "T2w"]);
            var shuffled = dataset.Images.ToArray();
            random.Shuffle<BidsImage>(shuffled);
            var config = FakeDataset.Config();
            config.LoaderParameters.ContrastParams.Balance = new() { ["T1w"] = twentieths / 20.0 };
            var split = new SegSplit("participant_id", 0, [.. dataset.Subjects.Select(subject => subject.Id)], [], []);
            var kept = ImageSelector.Select(dataset with { Images = shuffled }, split, config, DatasetParts.Training);
            Assert.Equal(
                dataset.Images.Where(image => image.Contrast == "T1w").Take(n * twentieths / 20).Select(image => image.Path),
                kept.Where(image => image.Contrast == "T1w").Select(image => image.Path));
            Assert.Equal(n, kept.Count(image => image.Contrast == "T2w"));
        }
    }

    [Fact]
    public void Balance_leaves_the_split_alone()
    {
        var (dataset, config) = (FakeDataset.Of(9, ["T1w"]), FakeDataset.Config());
        var split = SplitMaker.Make(dataset, config);
        config.LoaderParameters.ContrastParams.Balance = new() { ["T1w"] = 0.2 };
        Assert.Equal(split.Test, SplitMaker.Make(dataset, config).Test);
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
