using MedSeg.Engine.Inference;
using MedSeg.Engine.Tests.Data;
using Xunit;

namespace MedSeg.Engine.Tests.Inference;

public class PredictionGroupsTests
{
    private static readonly string Folder = Path.GetFullPath("data");

    private readonly RecordingObserver _observer = new();

    private List<string> Warnings => [.. _observer.Warnings];

    [Fact]
    public void Without_multichannel_every_image_is_an_input()
    {
        PredictionInput[] inputs = [Bare("sub-1_T1w.nii.gz"), Bare("sub-1_T2w.nii.gz")];
        Assert.Same(inputs, PredictionGroups.Of(inputs, new SegConfig(), _observer));
    }

    [Fact]
    public void Bids_names_that_differ_in_the_contrast_are_one_input_in_the_order_of_the_model()
    {
        var groups = Of(
            ["T2w", "acq-on_MTS"], "sub-1_T2w.nii.gz", "sub-1_ses-2_T2w.nii.gz", "sub-1_acq-on_MTS.nii.gz", "sub-1_ses-2_acq-on_MTS.nii.gz");
        Assert.Equal(["sub-1_T2w|sub-1_acq-on_MTS", "sub-1_ses-2_T2w|sub-1_ses-2_acq-on_MTS"], groups);
        Assert.Empty(Warnings);
    }

    [Fact]
    public void Data_type_folders_do_not_separate() =>
        Assert.Equal(["sub-1_T2w|sub-1_MTS"], Of(["T2w", "MTS"], "sub-1/anat/sub-1_T2w.nii", "sub-1/dwi/sub-1_MTS.nii"));

    [Fact]
    public void Other_names_count_by_their_folder_and_what_stands_before_the_contrast()
    {
        var groups = Of(["T1w", "T2w"], "a/T1w.nii", "a/T2w.nii", "b/patient 1_T2w.nii", "b/patient 1_T1w.nii", "b/patient 2_T1w.nii");
        Assert.Equal(["T1w|T2w", "patient 1_T1w|patient 1_T2w"], groups);
        Assert.Contains("patient 2", Assert.Single(Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_contrast_and_a_strange_name_are_warned_of_and_left_out()
    {
        Assert.Equal(["sub-2_T1w|sub-2_T2w"], Of(["T1w", "T2w"], "sub-1_T1w.nii", "sub-2_T1w.nii", "sub-2_T2w.nii", "sub-2_FLAIR.nii"));
        Assert.Equal(2, Warnings.Count);
        Assert.Contains("sub-2_FLAIR", Warnings[0], StringComparison.Ordinal);
        Assert.Contains("no image of contrast T2w", Warnings[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_that_bears_missing_contrasts_takes_what_is_there_and_refuses_what_it_does_not_know()
    {
        var config = Config(["T1w", "T2w", "PDw"]);
        config.HemisUnet.Applied = true;
        PredictionInput[] bare = [Bare("sub-1_PDw.nii"), Bare("sub-1_T1w.nii"), Bare("patient_T2w.nii"), Bare("sub-3_FLAIR.nii"), Bare("sub-4_T1w.nii")];
        var inputs = PredictionGroups.Of([.. bare, Bare("sub-4_T2w.nii"), Bare("sub-4_PDw.nii")], config, _observer);

        Assert.Equal(["T2w", "T1w+PDw", "T1w+T2w+PDw"], inputs.Select(input => string.Join('+', input.Contrasts)));
        Assert.Equal(["T1w PDw", "T2w", ""], inputs.Select(input => string.Join(' ', PredictionGroups.MissingOf(input, config))));
        Assert.Equal(["sub-1_T1w.nii", "sub-1_PDw.nii"], inputs[1].Channels.Select(channel => Path.GetFileName(channel.Path)));
        Assert.StartsWith("2 of 3 images lack a contrast", Assert.Single(Warnings), StringComparison.Ordinal);
        Assert.Contains("lacks T1w, PDw", Assert.Single(Warnings), StringComparison.Ordinal);
        var error = Assert.Single(_observer.Errors);
        Assert.Equal(("NoContrast", Path.Combine(Folder, "sub-3_FLAIR.nii")), (error.ErrorId, error.TargetItem));
        Assert.Equal(inputs, PredictionGroups.Of(inputs, config, _observer));
    }

    [Fact]
    public void The_same_file_twice_is_one_channel() =>
        Assert.Equal(["sub-1_T1w|sub-1_T2w"], Of(["T1w", "T2w"], "sub-1_T1w.nii", "sub-1_T1w.nii", "sub-1_T2w.nii"));

    [Fact]
    public void Inputs_that_are_groups_stay()
    {
        var group = Bare("x.nii") with { OtherChannels = [Bare("y.nii")] };
        Assert.Same(group, Assert.Single(PredictionGroups.Of([group], Config(["T1w", "T2w"]), _observer)));
    }

    [Fact]
    public void Images_of_a_dataset_keep_what_it_knows()
    {
        var images = new[] { "T2w", "T1w" }.Select(contrast => FakeDataset.Image("sub-1", contrast)).ToList();
        var input = Assert.Single(PredictionGroups.Of([.. images.Select(i => new PredictionInput(i.Path, i))], Config(["T1w", "T2w"]), _observer));
        Assert.Same(images[1], input.Image);
        Assert.Same(images[0], Assert.Single(input.OtherChannels).Image);
    }

    private static PredictionInput Bare(string path) => new(Path.Combine([Folder, .. path.Split('/')]), null);

    private static SegConfig Config(string[] contrasts) =>
        new() { LoaderParameters = { Multichannel = true, ContrastParams = { TrainingValidation = contrasts } } };

    private IEnumerable<string> Of(string[] contrasts, params string[] paths) => PredictionGroups.Of([.. paths.Select(Bare)], Config(contrasts), _observer)
        .Select(input => string.Join('|', input.Channels.Select(channel => Path.GetFileName(channel.Path).Split('.')[0])));
}
