using MedSeg.Engine.Inference;
using MedSeg.Engine.Tests.Data;
using Xunit;

namespace MedSeg.Engine.Tests.Inference;

public class PredictionSelectorTests
{
    private readonly RecordingObserver _observer = new();

    [Theory]
    [InlineData(SegSplitPart.Training, "sub-00 sub-01")]
    [InlineData(SegSplitPart.Validation, "sub-02")]
    [InlineData(SegSplitPart.Test, "sub-03")]
    [InlineData(null, "sub-03")]
    [InlineData(SegSplitPart.All, "sub-00 sub-01 sub-02 sub-03 sub-04")]
    public void Parts_come_from_the_split_of_the_training(SegSplitPart? part, string expected) =>
        Assert.Equal(expected, Subjects(Model(), FakeDataset.Of(5), part));

    [Fact]
    public void Participants_who_came_later_are_named_and_are_in_no_part()
    {
        Assert.Equal("sub-03", Subjects(Model(), FakeDataset.Of(40), null));
        Assert.Contains("36 value(s) of participant_id", Assert.Single(_observer.Warnings), StringComparison.Ordinal);
        Assert.Contains("sub-04, sub-05", _observer.Warnings[0], StringComparison.Ordinal);
        Assert.Contains("and 26 more", _observer.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Another_dataset_is_predicted_whole_and_known_participants_are_warned_of()
    {
        Assert.Equal("sub-00 sub-01 sub-02", Subjects(Model(), FakeDataset.Of(3) with { Roots = ["/elsewhere"] }, null));
        Assert.Contains("3 of 3", Assert.Single(_observer.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void The_dataset_of_the_training_is_the_default() =>
        Assert.Equal("sub-03", Subjects(Model() with { Dataset = FakeDataset.Of(5) }, null, null));

    [Fact]
    public void Contrasts_of_testing_count_and_parts_of_the_split_need_labels()
    {
        var model = Model();
        model.Config.LoaderParameters.ContrastParams.Testing = ["T2w"];
        model.Config.LoaderParameters.ContrastParams.TrainingValidation = ["T1w"];
        BidsImage[] images =
        [
            FakeDataset.Image("sub-03", "T1w"), FakeDataset.Image("sub-03", "T2w"), FakeDataset.Image("sub-03", "T2w", "x", labelled: false),
        ];
        var dataset = FakeDataset.Of(images);
        Assert.Equal(images[1].Path, Assert.Single(Select(model, dataset, SegSplitPart.Test)).Path);
        Assert.Equal(2, Select(model, dataset, SegSplitPart.All).Count);
    }

    [Fact]
    public void An_empty_part_is_an_error_that_says_what_to_do()
    {
        var model = Model() with { Split = new SegSplit("participant_id", 0, ["sub-00"], [], []) };
        var error = Assert.Throws<SegException>(() => Select(model, FakeDataset.Of(2), SegSplitPart.Test));
        Assert.Equal("NoImages", error.ErrorId);
        Assert.Contains("-Split", error.Recommendation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SegSplitPart.Test)]
    [InlineData(SegSplitPart.All)]
    public void A_dataset_of_other_contrasts_is_an_error_that_names_them(SegSplitPart part)
    {
        var model = Model();
        model.Config.LoaderParameters.ContrastParams.Testing = ["FLAIR"];
        var error = Assert.Throws<SegException>(() => Select(model, FakeDataset.Of(4), part));
        Assert.Equal("NoImages", error.ErrorId);
        Assert.Contains("contrast FLAIR", error.Message, StringComparison.Ordinal);
        Assert.Contains("4 image(s) of T2w", error.Message, StringComparison.Ordinal);
    }

    private static SegModel Model() => CopyModel.Wrap("m", "/models/m", FakeDataset.Config(), "") with
    {
        Split = new SegSplit("participant_id", 0, ["sub-00", "sub-01"], ["sub-02"], ["sub-03"]),
        DatasetRoots = ["/data/"],
    };

    private IReadOnlyList<PredictionInput> Select(SegModel model, BidsDataset? dataset, SegSplitPart? part) =>
        PredictionSelector.Select(model, dataset, part, _observer, CancellationToken.None);

    private string Subjects(SegModel model, BidsDataset? dataset, SegSplitPart? part) =>
        string.Join(' ', Select(model, dataset, part).Select(input => input.Image!.Subject));
}
