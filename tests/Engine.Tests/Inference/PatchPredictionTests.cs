using System.Text.Json;
using MedSeg.Engine.Bids;
using MedSeg.Engine.Configuration;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Inference;
using MedSeg.Engine.Onnx;
using MedSeg.Engine.Packaging;
using MedSeg.Engine.Runtime;
using MedSeg.Engine.Tests.Data;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Inference;

public sealed class PatchPredictionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RecordingObserver _observer = new();
    private SegModel _model;
    private readonly string _image;

    public PatchPredictionTests()
    {
        _model = CopyModel.Create(_folder.File("model"), ["_a"]);
        (_model.Config.DefaultModel.Length2D, _model.Config.DefaultModel.Stride2D) = ([4, 3], [3, 2]);
        _image = _folder.File("sub-1_T2w.nii.gz");
        NiftiFile.Write(_image, DatasetOnDisk.Make(VolumeGeometry.Axial(7, 6, 9, 1, 1, 1), (x, y, z) => z == 4 ? 0 : ((z * 42) + (y * 7) + x) / 400f), NiftiDataType.Float32);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, null)]
    [InlineData(false, new[] { 0 })]
    [InlineData(false, new[] { 2, 1 })]
    public void A_prediction_does_not_depend_on_how_slices_are_cut(bool whole, int[]? overlap)
    {
        var prediction = Assert.Single(Run(whole, overlap));
        var expected = ImageFile.Read(_image).Voxels;
        var found = ImageFile.Read(prediction.Classes[0].SoftPath!).Voxels;
        for (var i = 0; i < found.Length; i++)
            Assert.Equal(expected[i], found[i], 1e-6);
        Assert.Empty(_observer.Errors);
        Assert.Empty(_observer.Warnings);
        using var sidecar = JsonDocument.Parse(File.ReadAllText(prediction.Classes[0].Path.Replace(".nii.gz", ".json", StringComparison.Ordinal)));
        var patches = sidecar.RootElement.GetProperty("Patches");
        var stride = overlap switch { null => "[3,2]", [0] => "[4,3]", _ => "[3,1]" };
        Assert.Equal(whole ? "whole slices" : $"{{\"Length\":[4,3],\"Stride\":{stride}}}", whole ? patches.GetString() : JsonSerializer.Serialize(patches));
    }

    [Fact]
    public void An_image_smaller_than_a_patch_is_one_error_that_names_it()
    {
        _model.Config.DefaultModel.Length2D = [8, 3];
        Assert.Empty(Run(whole: false, null));
        var error = Assert.Single(_observer.Errors);
        Assert.Equal(_image, error.TargetItem);
        Assert.Contains("8×3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_without_any_slice_to_predict_gives_an_empty_mask()
    {
        NiftiFile.Write(_image, DatasetOnDisk.Make(VolumeGeometry.Axial(7, 6, 2, 1, 1, 1), (_, _, _) => 3), NiftiDataType.Float32);
        Assert.Equal(0, Assert.Single(Run(whole: false, null)).Classes[0].Voxels);
        Assert.Empty(_observer.Errors);
    }

    [Fact]
    public void Slices_that_a_classifier_rejects_are_empty()
    {
        // Its probability is the brightest pixel, which rises from slice to slice.
        var graph = new OnnxGraph();
        var brightest = graph.Node("GlobalMaxPool", [graph.Input("input", "batch", 1, "height", "width")]);
        graph.Output(brightest, "output", "batch", 1, 1, 1);
        var file = graph.ToBytes("brightest", "MedSeg tests", "1", new Dictionary<string, string>());
        File.WriteAllBytes(ModelPackage.ClassifierPath(_model), file);
        _model = _model with { ClassifierSha256 = Sha256.OfBytes(file) };
        (_model.Config.LoaderParameters.SliceFilterParams.FilterClassification, _model.Config.LoaderParameters.SliceFilterParams.ClassifierPath) =
            (true, "where/it/was/trained.onnx");
        var expected = ImageFile.Read(_image).Voxels;
        var found = ImageFile.Read(Assert.Single(Run(whole: false, null)).Classes[0].SoftPath!).Voxels;
        for (var z = 0; z < 9; z++)
        {
            var (slice, wanted) = (found.AsSpan(z * 42, 42).ToArray(), expected.AsSpan(z * 42, 42).ToArray());
            Assert.Equal(wanted.Max() >= 0.5 ? wanted.Sum() : 0, slice.Sum(), 1e-3);
        }

        Assert.Empty(_observer.Warnings);
    }

    [Fact]
    public void A_model_packaged_without_its_classifier_leaves_out_nothing_with_a_warning()
    {
        (_model.Config.LoaderParameters.SliceFilterParams.FilterClassification, _model.Config.LoaderParameters.SliceFilterParams.ClassifierPath) =
            (true, _image);
        Assert.Single(Run(whole: false, null));
        Assert.Contains("without the classifier", Assert.Single(_observer.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_classifier_that_was_exchanged_since_the_model_was_loaded_is_refused()
    {
        _model.Config.LoaderParameters.SliceFilterParams.FilterClassification = true;
        _model = _model with { ClassifierSha256 = new string('0', 64) };
        File.WriteAllText(ModelPackage.ClassifierPath(_model), "another");
        SegException error = Assert.Throws<SegException>(() => Run(whole: false, null));
        Assert.Equal(("ModelDamaged", ModelPackage.ClassifierPath(_model)), (error.ErrorId, error.TargetItem));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_configuration_of_volumes_does_not_fit_a_network_of_slices(bool modified)
    {
        (_model.Config.DefaultModel.Is2D, _model.Config.Modified3DUnet.Applied) = (modified, modified);
        SegException error = Assert.Throws<SegException>(() => Run(whole: false, null));
        Assert.Equal("ModelDamaged", error.ErrorId);
        Assert.Contains("takes slices", error.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// The masks that the reference toolbox's own command wrote with a model of 256×256 patches of a scanning electron microscope. It
    /// takes the most probable of background and classes, which is done here after the prediction.
    /// </summary>
    [SharedTheory]
    [InlineData("sub-rat2/micr/sub-rat2_sample-data5_SEM")]
    [InlineData("sub-rat3/ses-02/micr/sub-rat3_ses-02_sample-data10_SEM")]
    public void The_reference_model_of_patches_gives_the_reference_masks(string image)
    {
        const string Name = "model_seg_rat_axon-myelin_sem";
        var packaged = SharedFolder.File("golden", "packaged", "sem-2class");
        var folder = Path.Combine(packaged, Name);
        var config = ConfigReader.Read(Path.Combine(folder, Name + ".json"), SegEngine.Catalog, _ => { });
        var model = CopyModel.Wrap(Name, folder, config, Sha256.OfFile(Path.Combine(folder, Name + ".onnx")));
        var root = SharedFolder.File("data", "loader-cases", "microscopy_png");
        var dataset = BidsScanner.Scan(new DatasetRequest([root], [], [], []), _observer, default);
        var scanned = dataset.Images.Single(i => i.Stem == image[(image.LastIndexOf('/') + 1)..]);
        var request = new PredictionRequest(model, [new(scanned.Path, scanned)], _folder.File("out"), "cpu", null, true);
        var prediction = Assert.Single(Predictor.Run(request, _observer, default));
        var classes = prediction.Classes.Select(c => ImageFile.Read(c.SoftPath!).Voxels).ToList();
        for (var k = 0; k < 2; k++)
        {
            var expected = ImageFile.Read(Path.Combine(packaged, "expected", $"{scanned.Stem}_class-{k}_pred.nii.gz")).Voxels;
            var (both, sum) = (0, 0);
            for (var i = 0; i < expected.Length; i++)
            {
                var (p, other) = (classes[k][i], classes[1 - k][i]);
                var found = p > 1 - p - other && (k == 0 ? p >= other : p > other);
                both += found && expected[i] > 0 ? 1 : 0;
                sum += (found ? 1 : 0) + (expected[i] > 0 ? 1 : 0);
            }

            Assert.True(2.0 * both / sum > 0.999, $"class {k}: Dice {2.0 * both / sum}");
        }
    }

    private List<SegPrediction> Run(bool whole, int[]? overlap) => [.. Predictor.Run(
        new PredictionRequest(_model, [new(_image, null)], _folder.File("out"), "cpu", null, true) { WholeSlices = whole, PatchOverlap = overlap },
        _observer, default)];
}
