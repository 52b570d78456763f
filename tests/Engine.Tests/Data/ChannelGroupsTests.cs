using MedSeg.Engine.Data;
using Xunit;

namespace MedSeg.Engine.Tests.Data;

public sealed class ChannelGroupsTests
{
    private readonly List<string> _warnings = [];

    [Fact]
    public void Without_multichannel_every_image_is_a_sample()
    {
        BidsImage[] images = [Image("sub-02", "T2w"), Image("sub-01", "T2w"), Image("sub-01", "T1w")];
        var sources = ChannelGroups.Of(images, new SegConfig(), _warnings.Add);
        Assert.Equal(["sub-01/anat/sub-01_T1w.nii.gz", "sub-01/anat/sub-01_T2w.nii.gz", "sub-02/anat/sub-02_T2w.nii.gz"], sources.Select(s => s.ToString()));
        Assert.All(sources, s => Assert.Same(s.Reference, Assert.Single(s.Channels)));
        Assert.Equal(3, sources.Select(s => s.Key).Distinct().Count());
    }

    [Fact]
    public void Channels_come_in_the_order_of_the_contrasts_and_not_of_the_files()
    {
        BidsImage[] images = [Image("sub-01", "T1w"), Image("sub-01", "T2star"), Image("sub-01", "T2w"), Image("sub-01", "dwi")];
        var source = Assert.Single(ChannelGroups.Of(images, Config("T2w", "T1w", "T2star"), _warnings.Add));
        Assert.Equal(["T2w", "T1w", "T2star"], source.Channels.Select(c => c.Contrast));
        Assert.Equal("T2w", source.Reference.Contrast);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Sessions_runs_and_samples_of_one_subject_stay_apart()
    {
        var images =
            from run in new[] { "1", "2" }
            from session in new[] { "a", "b" }
            from contrast in new[] { "T1w", "T2w" }
            select Image("sub-01", contrast, ("ses", session), ("run", run));
        var sources = ChannelGroups.Of([.. images], Config("T1w", "T2w"), _warnings.Add);
        Assert.Equal(4, sources.Count);
        Assert.All(sources, s => Assert.Equal(s.Channels[0].Entities, s.Channels[1].Entities));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Datasets_stay_apart_though_their_names_agree()
    {
        BidsImage[] images = [Image("sub-01", "T1w"), Image("sub-01", "T2w"), Image("sub-01", "T1w") with { Root = "/other" }];
        var source = Assert.Single(ChannelGroups.Of(images, Config("T1w", "T2w"), _warnings.Add));
        Assert.All(source.Channels, c => Assert.Equal("/data", c.Root));
        Assert.Contains("no image of contrast T2w", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void An_acquisition_is_part_of_the_contrast_where_it_is_written_and_of_the_key_elsewhere()
    {
        BidsImage[] images =
        [
            Image("sub-01", "acq-MTon_MTS", ("acq", "MTon")), Image("sub-01", "acq-MToff_MTS", ("acq", "MToff")), Image("sub-01", "T1w"),
        ];
        var source = Assert.Single(ChannelGroups.Of(images, Config("acq-MToff_MTS", "acq-MTon_MTS", "T1w"), _warnings.Add));
        Assert.Equal(["acq-MToff_MTS", "acq-MTon_MTS", "T1w"], source.Channels.Select(c => c.Contrast));

        Assert.Empty(ChannelGroups.Of(images, Config("MTS", "T1w"), _warnings.Add));
        Assert.Equal(3, _warnings.Count);
    }

    [Fact]
    public void A_sample_that_lacks_a_contrast_is_left_out_and_the_warning_says_which()
    {
        BidsImage[] images = [Image("sub-01", "T1w"), Image("sub-01", "T2w"), Image("sub-02", "T1w", ("ses", "x"))];
        Assert.Equal("sub-01", Assert.Single(ChannelGroups.Of(images, Config("T1w", "T2w"), _warnings.Add)).Reference.Subject);
        var warning = Assert.Single(_warnings);
        Assert.Contains("sub-02_ses-x has no image of contrast T2w", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_images_for_one_channel_are_left_out_and_named()
    {
        BidsImage[] images = [Image("sub-01", "T1w"), Image("sub-01", "T2w"), Image("sub-01", "T2w") with { RelativePath = "sub-01/dwi/sub-01_T2w.nii" }];
        Assert.Empty(ChannelGroups.Of(images, Config("T1w", "T2w"), _warnings.Add));
        Assert.Contains("sub-01/dwi/sub-01_T2w.nii", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void The_order_of_the_images_does_not_matter()
    {
        var images = Enumerable.Range(0, 20).SelectMany(i => new[] { Image($"sub-{i:00}", "T1w"), Image($"sub-{i:00}", "T2w") }).ToArray();
        var expected = ChannelGroups.Of(images, Config("T1w", "T2w")).Select(s => s.Key);
        new Random(1).Shuffle(images);
        Assert.Equal(expected, ChannelGroups.Of(images, Config("T1w", "T2w")).Select(s => s.Key));
    }

    [Fact]
    public void Multichannel_without_contrasts_is_an_error()
    {
        Assert.Equal("NoChannelContrasts", Assert.Throws<SegException>(() => ChannelGroups.Of([], Config())).ErrorId);
        Assert.Equal((1, 2), (ChannelGroups.ChannelCount(new SegConfig()), ChannelGroups.ChannelCount(Config("T1w", "T2w"))));
    }

    private static SegConfig Config(params string[] contrasts) =>
        new() { LoaderParameters = { Multichannel = true, ContrastParams = { TrainingValidation = contrasts } } };

    private static BidsImage Image(string subject, string contrast, params (string Key, string Value)[] entities) =>
        FakeDataset.Image(subject, contrast) with { Entities = entities.ToDictionary(e => e.Key, e => e.Value) };
}
