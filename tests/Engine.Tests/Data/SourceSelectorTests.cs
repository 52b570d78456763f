using MedSeg.Engine.Data;
using MedSeg.Engine.Transforms;
using Xunit;

namespace MedSeg.Engine.Tests.Data;

public sealed class SourceSelectorTests
{
    private static readonly SegSplit Split = new("participant_id", 6, ["sub-00", "sub-01", "sub-02"], ["sub-03"], ["sub-00", "sub-01", "sub-02"]);

    private readonly List<string> _warnings = [];

    [Fact]
    public void A_label_on_one_channel_is_enough_and_none_is_too_few()
    {
        BidsImage[] images =
        [
            Image("sub-00", "T1w", labelled: false), Image("sub-00", "T2w"),
            Image("sub-01", "T1w"), Image("sub-01", "T2w", labelled: false),
            Image("sub-02", "T1w", labelled: false), Image("sub-02", "T2w", labelled: false),
        ];
        var config = Config();
        Assert.Equal(["sub-00", "sub-01"], Subjects(images, config, DatasetParts.Training));
        Assert.Contains("sub-02/anat/sub-02_T1w.nii.gz has no label of _seg-manual", Assert.Single(_warnings), StringComparison.Ordinal);
        Assert.Equal(["sub-00", "sub-01", "sub-02"], Subjects(images, config, DatasetParts.Testing));

        config.LoaderParameters.TargetContrast = "T2w";
        Assert.Equal(["sub-00"], Subjects(images, config, DatasetParts.Training));
    }

    [Fact]
    public void The_channels_of_testing_are_those_of_training()
    {
        BidsImage[] images = [Image("sub-00", "T1w"), Image("sub-00", "T2w"), Image("sub-00", "T2star")];
        var config = Config();
        config.LoaderParameters.ContrastParams.Testing = ["T2star"];
        var source = Assert.Single(SourceSelector.Select(FakeDataset.Of(images), Split, config, DatasetParts.Testing, _warnings.Add));
        Assert.Equal(["T1w", "T2w"], source.Channels.Select(c => c.Contrast));
    }

    [Fact]
    public void Participants_of_other_parts_and_incomplete_samples_stay_out()
    {
        BidsImage[] images = [Image("sub-00", "T1w"), Image("sub-00", "T2w"), Image("sub-01", "T1w"), Image("sub-03", "T1w"), Image("sub-03", "T2w")];
        Assert.Equal(["sub-00"], Subjects(images, Config(), DatasetParts.Training));
        Assert.Equal(["sub-03"], Subjects(images, Config(), DatasetParts.Validation));
        Assert.Contains("sub-01 has no image of contrast T2w", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_multichannel_every_labelled_image_is_a_source_and_any_rater_is_a_label()
    {
        BidsImage[] images = [Image("sub-00", "T1w"), Image("sub-00", "T2w", labelled: false)];
        var config = Config();
        config.LoaderParameters.Multichannel = false;
        config.LoaderParameters.TargetSuffixRaters = [["_other", FakeDataset.Suffix]];
        config.LoaderParameters.TargetSuffix = ["_other"];
        Assert.Equal("T1w", Assert.Single(SourceSelector.Select(FakeDataset.Of(images), Split, config, DatasetParts.Training, _warnings.Add)).Reference.Contrast);
        Assert.Contains("_other, _seg-manual", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    private static SegConfig Config() => new()
    {
        LoaderParameters = { Multichannel = true, TargetSuffix = [FakeDataset.Suffix], ContrastParams = { TrainingValidation = ["T1w", "T2w"] } },
    };

    private static BidsImage Image(string subject, string contrast, bool labelled = true) => FakeDataset.Image(subject, contrast, labelled: labelled);

    private List<string> Subjects(IReadOnlyList<BidsImage> images, SegConfig config, string part) =>
        [.. SourceSelector.Select(FakeDataset.Of(images), Split, config, part, _warnings.Add).Select(s => s.Reference.Subject)];
}
