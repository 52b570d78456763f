using System.Text.Json;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Inference;
using MedSeg.Engine.Tests.Data;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Tests.Transforms;
using Xunit;

namespace MedSeg.Engine.Tests.Inference;

public sealed class MultichannelPredictionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RecordingObserver _observer = new();
    private readonly SegModel _model;

    public MultichannelPredictionTests()
    {
        _model = CopyModel.Create(_folder.File("model"), ["_a", "_b"], channels: 2);
        _model.Config.LoaderParameters.Multichannel = true;
        _model.Config.LoaderParameters.ContrastParams.TrainingValidation = ["T1w", "T2w"];
    }

    private string Output => _folder.File("out");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Channels_reach_the_network_in_the_order_of_the_configuration()
    {
        var (t2, t1) = (Image("sub-1", "T2w", 0.5f), Image("sub-1", "T1w", 0.1f));
        var prediction = Assert.Single(Run(soft: true, t2, t1));

        Assert.Equal(("sub-1_T1w", "sub-1", "T1w+T2w"), (prediction.ImageId, prediction.Subject, prediction.Contrast));
        Assert.Equal([t1.Path, t2.Path], prediction.ChannelPaths);
        Assert.Equal(ImageFile.Read(t1.Path).Voxels, ImageFile.Read(prediction.Classes[0].SoftPath!).Voxels);
        Assert.Equal(ImageFile.Read(t2.Path).Voxels, ImageFile.Read(prediction.Classes[1].SoftPath!).Voxels);
        Assert.Empty(_observer.Errors);
    }

    [Fact]
    public void The_sidecar_names_every_channel()
    {
        var images = new[] { Image("sub-1", "T1w", 0), Image("sub-1", "T2w", 1) };
        var path = Assert.Single(Run(soft: false, images)).Classes[0].Path;
        using var sidecar = JsonDocument.Parse(File.ReadAllText(path.Replace(".nii.gz", ".json", StringComparison.Ordinal)));
        Assert.Equal(
            images.Select(image => "bids:raw:" + image.RelativePath), sidecar.RootElement.GetProperty("Sources").EnumerateArray().Select(s => s.GetString()));
    }

    [Fact]
    public void The_reference_is_the_label_of_the_first_channel_that_has_one_or_of_the_chosen_contrast()
    {
        var t1 = Image("sub-1", "T1w", 0) with { Labels = new Dictionary<string, string> { ["_a"] = "/t1-a" } };
        var t2 = Image("sub-1", "T2w", 1) with { Labels = new Dictionary<string, string> { ["_a"] = "/t2-a", ["_b"] = "/t2-b" } };
        Assert.Equal(["/t1-a", "/t2-b"], Assert.Single(Run(soft: false, t1, t2)).Classes.Select(c => c.ReferencePath));
        _model.Config.LoaderParameters.TargetContrast = "T2w";
        Assert.Equal(["/t2-a", "/t2-b"], Assert.Single(Run(soft: false, t1, t2)).Classes.Select(c => c.ReferencePath));
    }

    [Fact]
    public void With_several_raters_the_reference_is_of_the_first_who_labelled_the_image()
    {
        _model.Config.LoaderParameters.TargetSuffixRaters = [["_a", "_a2"], ["_b", "_b2"]];
        var t1 = Image("sub-1", "T1w", 0) with { Labels = new Dictionary<string, string> { ["_a"] = "/a", ["_a2"] = "/a2" } };
        var t2 = Image("sub-1", "T2w", 1) with { Labels = new Dictionary<string, string> { ["_b2"] = "/b2" } };
        Assert.Equal(["/a", "/b2"], Assert.Single(Run(soft: false, t1, t2)).Classes.Select(c => c.ReferencePath));
    }

    [Fact]
    public void A_missing_contrast_is_a_warning_and_the_rest_goes_on()
    {
        var predictions = Run(soft: false, Image("sub-1", "T1w", 0), Image("sub-2", "T1w", 0), Image("sub-2", "T2w", 1));
        Assert.Equal("sub-2", Assert.Single(predictions).Subject);
        Assert.Contains("sub-1", Assert.Single(_observer.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_complete_input_nothing_is_written()
    {
        var error = Assert.Throws<SegException>(() => Run(soft: false, Image("sub-1", "T1w", 0)));
        Assert.Equal("NoImages", error.ErrorId);
        Assert.Contains("T1w, T2w", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public void Channels_on_other_grids_are_an_error_of_that_channel()
    {
        var (t1, t2) = (Image("sub-1", "T1w", 0), Image("sub-1", "T2w", 1, size: 7));
        Assert.Empty(Run(soft: false, t1, t2));
        var error = Assert.Single(_observer.Errors);
        Assert.Equal(("ChannelGridDiffers", t2.Path), (error.ErrorId, error.TargetItem));
    }

    [Fact]
    public void A_channel_is_never_overwritten()
    {
        var image = Path.Combine(Output, "sub-1", "anat", "sub-1_T1w_a_pred.nii.gz");
        PredictionInput first = new(Image("sub-1", "T1w", 0).Path, Image("sub-1", "T1w", 0));
        PredictionInput[] inputs = [first with { OtherChannels = [new(image, null)] }];
        var request = new PredictionRequest(_model, inputs, Output, "cpu", null, false);
        Assert.Equal("OutputIsInput", Assert.Throws<SegException>(() => Predictor.Run(request, _observer, default)).ErrorId);
    }

    [Fact]
    public void A_dataset_gives_groups_and_its_parts_need_a_label_on_any_channel()
    {
        BidsImage[] images =
        [
            FakeDataset.Image("sub-1", "T1w", labelled: false), FakeDataset.Image("sub-1", "T2w"),
            FakeDataset.Image("sub-2", "T1w", labelled: false), FakeDataset.Image("sub-2", "T2w", labelled: false),
            FakeDataset.Image("sub-3", "T1w"), FakeDataset.Image("sub-3", "FLAIR"),
        ];
        _model.Config.LoaderParameters.TargetSuffix = [FakeDataset.Suffix];
        _model.Config.LoaderParameters.ContrastParams.Testing = ["T2w"];
        var model = _model with { Split = new SegSplit("participant_id", 0, [], [], ["sub-1", "sub-2", "sub-3"]) };
        var dataset = FakeDataset.Of(images);

        Assert.Equal(["sub-1"], Subjects(SegSplitPart.Test));
        Assert.Equal(["sub-1", "sub-2"], Subjects(SegSplitPart.All));
        Assert.All(_observer.Warnings, warning => Assert.Contains("sub-3", warning, StringComparison.Ordinal));

        IEnumerable<string?> Subjects(SegSplitPart part) => PredictionSelector.Select(model, dataset, part, _observer, default)
            .Select(input => input.Channels.Count() == 2 ? input.Image?.Subject : "incomplete");
    }

    [Fact]
    public void A_model_with_a_region_of_interest_uses_it_or_warns()
    {
        _model.Config.LoaderParameters.RoiParams.Suffix = "_roi";
        _model.Config.Transformation = [TransformBuilder.Config("ROICrop", ("size", new[] { 2, 2 }))];
        var (t1, t2) = (Image("sub-1", "T1w", 0.2f), Image("sub-1", "T2w", 0.3f));
        var middle = Nonzero(Assert.Single(Run(soft: true, t1, t2)));
        Assert.Contains("_roi", Assert.Single(_observer.Warnings), StringComparison.Ordinal);
        var roi = _folder.File("roi.nii.gz");
        NiftiFile.Write(roi, DatasetOnDisk.Make(Grid(6), (x, y, _) => x == 4 && y == 3 ? 1 : 0), NiftiDataType.UInt8);
        var found = Nonzero(Assert.Single(Run(soft: true, t1, t2 with { Labels = new Dictionary<string, string> { ["_roi"] = roi } })));
        Assert.Single(_observer.Warnings);
        Assert.Equal([(3, 2), (4, 2), (3, 3), (4, 3)], found);
        Assert.NotEqual(middle, found);
    }

    private static List<(int X, int Y)> Nonzero(SegPrediction prediction) =>
        [.. ImageFile.Read(prediction.Classes[1].SoftPath!).Voxels.Take(30).Select((v, i) => (v, i)).Where(p => p.v != 0).Select(p => (p.i % 6, p.i / 6))];

    private static VolumeGeometry Grid(int size) => VolumeGeometry.Axial(size, 5, 4, 1, 1, 1);

    private BidsImage Image(string subject, string contrast, float offset, int size = 6)
    {
        var path = _folder.File($"{subject}_{contrast}.nii.gz");
        NiftiFile.Write(path, DatasetOnDisk.Make(Grid(size), (x, y, z) => offset + (((z * 30) + (y * 6) + x) / 300f)), NiftiDataType.Float32);
        return FakeDataset.Image(subject, contrast) with { Path = path, Labels = new Dictionary<string, string>() };
    }

    private List<SegPrediction> Run(bool soft, params BidsImage[] images) => [.. Predictor.Run(
        new PredictionRequest(_model, [.. images.Select(image => new PredictionInput(image.Path, image))], Output, "cpu", null, soft), _observer, default)];
}
