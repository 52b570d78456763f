using System.Text.Json;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Inference;
using MedSeg.Engine.Runtime;
using MedSeg.Engine.Tests.Data;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Tests.Transforms;
using Xunit;

namespace MedSeg.Engine.Tests.Inference;

public sealed class PredictorTests : IDisposable
{
    private static readonly double[] Tilted = [-2, 0, 0, 10, 0, 0, 3, 5, 0, -1.5, 0, 7, 0, 0, 0, 1];

    private readonly TemporaryFolder _folder = new();
    private readonly RecordingObserver _observer = new();
    private readonly SegModel _model;

    public PredictorTests() => _model = CopyModel.Create(_folder.File("model"), ["_a", "_b"]);

    private string Output => _folder.File("out");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_mask_has_the_grid_affine_and_orientation_of_its_image_and_the_documented_name()
    {
        var image = Image("sub-1", session: "2");
        var prediction = Assert.Single(Run([new(image.Path, image)], soft: true));

        Assert.Equal(("sub-1_T2w", "sub-1", "T2w", 0.5), (prediction.ImageId, prediction.Subject, prediction.Contrast, prediction.Threshold));
        var expected = Path.Combine(Output, "sub-1", "ses-2", "anat", "sub-1_T2w_a_pred.nii.gz");
        Assert.Equal(expected, prediction.Classes[0].Path);
        var source = ImageFile.Read(image.Path);
        var mask = ImageFile.Read(expected);
        Assert.Equal(source.Geometry.Affine, mask.Geometry.Affine);
        Assert.Equal(source.Voxels.Select(v => v >= 0.5f ? 1f : 0f), mask.Voxels);
        Assert.Equal("uint8", ImageFile.ReadInfo(expected).DataType);
        Assert.Equal(source.Voxels, ImageFile.Read(prediction.Classes[0].SoftPath!).Voxels);
        Assert.Equal(source.Voxels.Select(v => 1 - v >= 0.5f ? 1f : 0f), ImageFile.Read(prediction.Classes[1].Path).Voxels);
    }

    [Fact]
    public void The_result_counts_voxels_and_names_the_reference()
    {
        var image = Image("sub-1") with { Labels = new Dictionary<string, string> { ["_b"] = "/data/b.nii.gz" } };
        var classes = Assert.Single(Run([new(image.Path, image)])).Classes;
        var voxels = ImageFile.Read(classes[0].Path).Voxels.Count(v => v == 1);
        Assert.Equal((voxels, null, null), (classes[0].Voxels, classes[0].ReferencePath, classes[0].SoftPath));
        Assert.Equal(voxels * 9.0, classes[0].VolumeMm3, 9);
        Assert.Equal("/data/b.nii.gz", classes[1].ReferencePath);
    }

    [Fact]
    public void Sidecars_and_description_say_where_a_mask_comes_from()
    {
        var image = Image("sub-1");
        var prediction = Assert.Single(Run([new(image.Path, image)], threshold: 0.25));
        using var sidecar = JsonDocument.Parse(File.ReadAllText(prediction.Classes[1].Path.Replace(".nii.gz", ".json", StringComparison.Ordinal)));
        var root = sidecar.RootElement;
        Assert.Equal("MedSeg", root.GetProperty("GeneratedBy")[0].GetProperty("Name").GetString());
        Assert.Equal("bids:raw:" + image.RelativePath, root.GetProperty("Sources")[0].GetString());
        Assert.Equal(_model.Sha256, root.GetProperty("Model").GetProperty("Sha256").GetString());
        Assert.Equal(("b", 0.25), (root.GetProperty("Class").GetString(), root.GetProperty("Threshold").GetDouble()));
        using var description = JsonDocument.Parse(File.ReadAllText(Path.Combine(Output, "dataset_description.json")));
        Assert.Equal("derivative", description.RootElement.GetProperty("DatasetType").GetString());
        Assert.Equal(new Uri(Path.GetFullPath(image.Root)).AbsoluteUri, description.RootElement.GetProperty("DatasetLinks").GetProperty("raw").GetString());
    }

    [Theory]
    [InlineData("seen.nii.gz", "seen_a_pred.nii.gz", null)]
    [InlineData("sub-7_acq-x_MTS.nii.gz", "sub-7/sub-7_acq-x_MTS_a_pred.nii.gz", "acq-x_MTS")]
    [InlineData("anat/sub-7_ses-3_T1w.nii.gz", "sub-7/ses-3/anat/sub-7_ses-3_T1w_a_pred.nii.gz", "T1w")]
    public void Bare_files_are_named_by_what_their_name_says(string file, string expected, string? contrast)
    {
        var path = _folder.File(file.Split('/'));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        NiftiFile.Write(path, Volume(), NiftiDataType.Float32);
        var prediction = Assert.Single(Run([new(path, null)]));
        Assert.Equal(Path.Combine([Output, .. expected.Split('/')]), prediction.Classes[0].Path);
        Assert.Equal(contrast, prediction.Contrast);
    }

    [Fact]
    public void A_picture_gives_a_picture()
    {
        var path = _folder.File("sub-1_SEM.png");
        PngFile.WriteGray(path, [0, 1, 0, 0, 0, 1], 2, 3);
        File.WriteAllText(_folder.File("sub-1_SEM.json"), """{"PixelSize": [0.5, 0.25], "PixelSizeUnits": "mm"}""");
        var prediction = Assert.Single(Run([new(path, null)], soft: true));
        Assert.EndsWith("sub-1_SEM_a_pred.png", prediction.Classes[0].Path, StringComparison.Ordinal);
        var source = ImageFile.Read(path);
        var mask = ImageFile.Read(prediction.Classes[0].Path);
        Assert.Equal(source.Geometry.Spacing, mask.Geometry.Spacing);
        Assert.Equal(source.Voxels.Select(v => v * 255), mask.Voxels);
        Assert.Equal(source.Voxels, ImageFile.Read(prediction.Classes[0].SoftPath!).Voxels);
        Assert.Equal(2, prediction.Classes[0].Voxels);
    }

    [Fact]
    public void A_bad_image_is_one_error_and_the_rest_goes_on()
    {
        var bad = _folder.File("sub-2_T2w.nii.gz");
        File.WriteAllText(bad, "not an image");
        var (first, last) = (Image("sub-1"), Image("sub-3"));
        var predictions = Run([new(first.Path, first), new(bad, null), new(last.Path, last)]);
        Assert.Equal(["sub-1", "sub-3"], predictions.Select(p => p.Subject));
        Assert.Contains("sub-2_T2w", Assert.Single(_observer.Errors).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(Output, "sub-2")));
        Assert.True(_observer.Records[^1].Completed);
    }

    [Fact]
    public void An_image_that_fails_in_an_unforeseen_way_is_one_error_too()
    {
        var first = _folder.File("sub-2_SEM.png");
        PngFile.WriteGray(first, [0, 1, 0, 0], 2, 2);
        var image = FakeDataset.Image("sub-2", "SEM") with { Path = first, Metadata = new ThrowingMetadata() };
        var last = Image("sub-3");
        Assert.Equal(["sub-3"], Run([new(first, image), new(last.Path, last)]).Select(p => p.Subject));
        var error = Assert.Single(_observer.Errors);
        Assert.Equal(("ImageFailed", first), (error.ErrorId, error.TargetItem));
        Assert.Contains(ThrowingMetadata.Reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("_x/../../../evil")]
    [InlineData("/../../evil")]
    public void No_name_in_a_model_leads_out_of_the_output_folder(string suffix)
    {
        var model = CopyModel.Create(_folder.File("forged"), [suffix]);
        var image = Image("sub-1");
        var request = new PredictionRequest(model, [new(image.Path, image)], Path.Combine(Output, "a"), "cpu", null, false);
        var before = Directory.GetFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories);
        Assert.Equal("OutputElsewhere", Assert.Throws<SegException>(() => Predictor.Run(request, _observer, default).ToList()).ErrorId);
        Assert.Equal(before, Directory.GetFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void No_name_in_a_dataset_leads_out_of_the_output_folder()
    {
        var image = Image("sub-1") with { Subject = "../.." };
        Assert.Equal("OutputElsewhere", Assert.Throws<SegException>(() => Start([new(image.Path, image)])).ErrorId);
    }

    [Fact]
    public void A_volume_and_a_picture_of_one_name_would_share_their_sidecar()
    {
        var paths = new[] { "x.nii.gz", "x.png" }.Select(name => new PredictionPaths(new(_folder.File(name), null), Output)).ToList();
        Assert.Equal(paths[0].Sidecar("_a"), paths[1].Sidecar("_a"));
        Assert.Equal("DuplicateOutput", Assert.Throws<SegException>(() => PredictionPaths.RequireDistinct(paths, ["_a"])).ErrorId);
    }

    [Fact]
    public void A_sidecar_never_replaces_an_input()
    {
        PredictionInput other = new(Path.Combine(Output, "x_a_pred.json"), null);
        Assert.Equal("OutputIsInput", Assert.Throws<SegException>(() => Start([new(_folder.File("x.nii.gz"), null), other])).ErrorId);
    }

    [Fact]
    public void Each_result_is_there_before_the_next_image_is_touched()
    {
        var (first, second) = (Image("sub-1"), Image("sub-2"));
        using var predictions = Start([new(first.Path, first), new(second.Path, second)]).GetEnumerator();
        Assert.True(predictions.MoveNext());
        Assert.True(File.Exists(predictions.Current.Classes[0].Path));
        Assert.False(Directory.Exists(Path.Combine(Output, "sub-2")));
    }

    [Fact]
    public void Stopping_between_batches_leaves_no_file_of_the_image()
    {
        using var stop = new CancellationTokenSource();
        _observer.OnProgress = progress => stop.Cancel();
        var image = Image("sub-1");
        Assert.ThrowsAny<OperationCanceledException>(() => Start([new(image.Path, image)], ct: stop.Token).ToList());
        Assert.Equal(["dataset_description.json"], Directory.GetFiles(Output, "*", SearchOption.AllDirectories).Select(Path.GetFileName));
        Assert.True(_observer.Records[^1].Completed);
    }

    [Fact]
    public void Two_images_for_one_file_stop_everything_before_it_starts()
    {
        var (a, b) = (_folder.File("a", "x.nii.gz"), _folder.File("b", "x.nii.gz"));
        Assert.Equal("DuplicateOutput", Assert.Throws<SegException>(() => Start([new(a, null), new(b, null)])).ErrorId);
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public void An_input_is_never_overwritten()
    {
        var image = Path.Combine(Output, "x.nii.gz");
        PredictionInput other = new(Path.Combine(Output, "x_a_pred.nii.gz"), null);
        Assert.Equal("OutputIsInput", Assert.Throws<SegException>(() => Start([new(image, null), other])).ErrorId);
    }

    [Theory]
    [InlineData("""{"Name": "raw"}""")]
    [InlineData("""{"Name": "raw", "DatasetType": "raw"}""")]
    [InlineData("damaged")]
    public void A_folder_with_another_dataset_is_not_written_into(string description)
    {
        Directory.CreateDirectory(Output);
        File.WriteAllText(Path.Combine(Output, "dataset_description.json"), description);
        var image = Image("sub-1");
        Assert.Equal("OutputIsDataset", Assert.Throws<SegException>(() => Run([new(image.Path, image)])).ErrorId);
        Assert.Single(Directory.GetFileSystemEntries(Output));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void A_threshold_must_be_a_probability(double threshold) =>
        Assert.Equal("ThresholdRange", Assert.Throws<SegException>(() => Start([new("x.nii", null)], threshold)).ErrorId);

    [Fact]
    public void Threshold_zero_takes_everything_and_one_only_certainty()
    {
        var image = Image("sub-1");
        var all = ImageFile.Read(image.Path).Voxels.Length;
        Assert.Equal(all, Assert.Single(Run([new(image.Path, image)], threshold: 0)).Classes[0].Voxels);
        Assert.Equal(1, Assert.Single(Run([new(image.Path, image)], threshold: 1)).Classes[0].Voxels);
    }

    [Fact]
    public void A_model_file_that_was_changed_is_refused()
    {
        var image = Image("sub-1");
        File.AppendAllText(Path.Combine(_model.Path, "copy.onnx"), " ");
        Assert.Equal("ModelDamaged", Assert.Throws<SegException>(() => Run([new(image.Path, image)])).ErrorId);
    }

    [Fact]
    public void An_image_too_small_for_the_network_is_named()
    {
        var model = CopyModel.Create(_folder.File("large"), ["_a"], minimumSize: 7);
        var image = Image("sub-1");
        Assert.Empty(Predictor.Run(new PredictionRequest(model, [new(image.Path, image)], Output, "cpu", null, false), _observer, CancellationToken.None));
        var error = Assert.Single(_observer.Errors);
        Assert.Equal(("ImageTooSmall", image.Path), (error.ErrorId, error.TargetItem));
        Assert.Contains("sub-1_T2w", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_image_gives_the_same_bytes()
    {
        var image = Image("sub-1");
        var first = Contents(Run([new(image.Path, image)], soft: true));
        Assert.Equal(first, Contents(Run([new(image.Path, image)], soft: true)));
    }

    /// <summary>The masks of the reference toolbox, which also keeps only the largest object, so a few voxels may differ.</summary>
    [SharedTheory]
    [InlineData("sub-unf01", "T2star")]
    [InlineData("sub-unf01", "T1w")]
    [InlineData("sub-unf03", "T2w")]
    public void The_reference_model_gives_the_reference_masks(string subject, string contrast)
    {
        var packaged = SharedFolder.File("golden", "packaged", "spine-unet2d");
        var folder = Path.Combine(packaged, "my_model");
        var config = new SegConfig
        {
            LoaderParameters = { TargetSuffix = ["_seg-manual"] },
            Transformation =
            [
                TransformBuilder.Config("Resample", ("hspace", 0.75), ("wspace", 0.75)),
                TransformBuilder.Config("CenterCrop", ("size", new[] { 128, 128 })),
                TransformBuilder.Config("NormalizeInstance"),
            ],
        };
        var model = CopyModel.Wrap("my_model", folder, config, Sha256.OfFile(Path.Combine(folder, "my_model.onnx")));
        var image = SharedFolder.File("data", "spine-mri", subject, "anat", $"{subject}_{contrast}.nii.gz");
        var request = new PredictionRequest(model, [new(image, null)], Output, "cpu", null, false);
        var prediction = Assert.Single(Predictor.Run(request, _observer, CancellationToken.None));
        var found = ImageFile.Read(prediction.Classes[0].Path).Voxels;
        var expected = ImageFile.Read(Path.Combine(packaged, "expected", $"{subject}_{contrast}_class-0_pred.nii.gz")).Voxels;
        var (both, sum) = (0, 0);
        for (var i = 0; i < found.Length; i++)
        {
            both += found[i] > 0 && expected[i] > 0 ? 1 : 0;
            sum += (found[i] > 0 ? 1 : 0) + (expected[i] > 0 ? 1 : 0);
        }

        Assert.True(2.0 * both / sum > 0.99, $"Dice {2.0 * both / sum}");
    }

    private static List<byte[]> Contents(List<SegPrediction> predictions) =>
        [.. predictions.SelectMany(p => p.Classes).SelectMany(c => new[] { File.ReadAllBytes(c.Path), File.ReadAllBytes(c.SoftPath!) })];

    private static Volume Volume() => DatasetOnDisk.Make(new VolumeGeometry(6, 5, 4, Tilted), (x, y, z) => ((z * 30) + (y * 6) + x) / 119f);

    private BidsImage Image(string subject, string? session = null)
    {
        var path = _folder.File($"{subject}_T2w.nii.gz");
        NiftiFile.Write(path, Volume(), NiftiDataType.Float32);
        var entities = new Dictionary<string, string>();
        if (session is not null)
            entities["ses"] = session;
        return FakeDataset.Image(subject, "T2w") with { Path = path, Entities = entities, Labels = new Dictionary<string, string>() };
    }

    private IEnumerable<SegPrediction> Start(
        IReadOnlyList<PredictionInput> images, double? threshold = null, bool soft = false, CancellationToken ct = default) =>
        Predictor.Run(new PredictionRequest(_model, images, Output, "cpu", threshold, soft), _observer, ct);

    private List<SegPrediction> Run(IReadOnlyList<PredictionInput> images, double? threshold = null, bool soft = false) =>
        [.. Start(images, threshold, soft)];
}
