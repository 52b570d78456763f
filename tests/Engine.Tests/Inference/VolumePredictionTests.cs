using System.Text.Json;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Inference;
using MedSeg.Engine.Tests.Data;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Inference;

/// <summary>Models of volumes: what a network that copies its input answers lies on the image again.</summary>
public sealed class VolumePredictionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RecordingObserver _observer = new();
    private readonly string _image;

    public VolumePredictionTests()
    {
        _image = _folder.File("sub-1_T2w.nii.gz");
        Write(_image, (x, y, z) => ((z * 42) + (y * 7) + x) / 400f);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, null, "{\"Length\":[4,3,5],\"Stride\":[3,2,4]}")]
    [InlineData(false, new[] { 0 }, "{\"Length\":[4,3,5],\"Stride\":[4,3,5]}")]
    [InlineData(false, new[] { 2, 1, 4 }, "{\"Length\":[4,3,5],\"Stride\":[3,1,1]}")]
    [InlineData(true, null, "\"whole volumes\"")]
    public void A_prediction_does_not_depend_on_how_the_volume_is_cut(bool whole, int[]? overlap, string patches)
    {
        var prediction = Assert.Single(Run(Patches(), whole, overlap));
        Near(ImageFile.Read(_image).Voxels, ImageFile.Read(prediction.Classes[0].SoftPath!).Voxels);
        Assert.Empty(_observer.Errors);
        Assert.Empty(_observer.Warnings);
        using var sidecar = JsonDocument.Parse(File.ReadAllText(prediction.Classes[0].Path.Replace(".nii.gz", ".json", StringComparison.Ordinal)));
        Assert.Equal(patches, JsonSerializer.Serialize(sidecar.RootElement.GetProperty("Patches")));
    }

    [Fact]
    public void Both_channels_of_a_volume_come_back_as_classes()
    {
        string t1 = _folder.File("sub-2_T1w.nii.gz"), t2 = _folder.File("sub-2_T2w.nii.gz");
        Write(t1, (x, _, _) => x / 10f);
        Write(t2, (_, _, z) => z / 10f);
        var model = CopyModel.Create(_folder.File("two"), ["_a", "_b"], channels: 2, dimensions: 3);
        (model.Config.DefaultModel.Length3D, model.Config.DefaultModel.Stride3D) = ([4, 4, 4], [3, 3, 3]);
        model.Config.LoaderParameters.Multichannel = true;
        model.Config.LoaderParameters.ContrastParams.TrainingValidation = ["T1w", "T2w"];
        var request = new PredictionRequest(model, [new(t1, null), new(t2, null)], _folder.File("out"), "cpu", null, true);
        var prediction = Assert.Single(Predictor.Run(request, _observer, default));
        foreach (var (path, k) in (IEnumerable<(string, int)>)[(t1, 0), (t2, 1)])
            Near(ImageFile.Read(path).Voxels, ImageFile.Read(prediction.Classes[k].SoftPath!).Voxels);
    }

    [Theory]
    [InlineData(8, null, "at least 8×8×8 voxels, one side at least 16")]
    [InlineData(1, 4, "each side a multiple of 4")]
    public void Patches_that_the_network_cannot_take_are_refused_before_anything_is_written(int minimum, int? multiple, string says)
    {
        var error = Assert.Throws<SegException>(() => Run(Patches(minimum, multiple)));
        Assert.Equal(("PatchSizeUnsuited", "default_model.length_3D"), (error.ErrorId, error.TargetItem));
        Assert.Contains("4×3×5", error.Message, StringComparison.Ordinal);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("out")));
    }

    [Theory]
    [InlineData(5, null, "7×6×9", "at least 5×5×5 voxels, one side at least 10")]
    [InlineData(1, 3, "7×6×9", "each side a multiple of 3")]
    public void A_whole_volume_that_the_network_cannot_take_is_one_error_that_names_the_image(int minimum, int? multiple, string size, string says)
    {
        var model = CopyModel.Create(_folder.File("model"), ["_a"], minimum, dimensions: 3, multiple: multiple);
        Assert.Empty(Run(model));
        var error = Assert.Single(_observer.Errors);
        Assert.Equal(("VolumeSizeUnsuited", _image), (error.ErrorId, error.TargetItem));
        Assert.Contains(size, error.Message, StringComparison.Ordinal);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_smaller_than_a_patch_is_one_error_that_names_it()
    {
        var model = Patches();
        model.Config.DefaultModel.Length3D = [4, 3, 10];
        Assert.Empty(Run(model));
        var error = Assert.Single(_observer.Errors);
        Assert.Equal(("PatchTooLarge", _image), (error.ErrorId, error.TargetItem));
        Assert.Contains("7×6×9", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_of_slices_does_not_fit_a_network_of_volumes()
    {
        var model = Patches();
        model.Config.DefaultModel.Is2D = true;
        var error = Assert.Throws<SegException>(() => Run(model));
        Assert.Equal("ModelDamaged", error.ErrorId);
        Assert.Contains("takes volumes", error.Message, StringComparison.Ordinal);
    }

    private SegModel Patches(int? minimum = null, int? multiple = null)
    {
        var model = CopyModel.Create(_folder.File("model"), ["_a"], minimum, dimensions: 3, multiple: multiple);
        (model.Config.DefaultModel.Length3D, model.Config.DefaultModel.Stride3D) = ([4, 3, 5], [3, 2, 4]);
        return model;
    }

    private List<SegPrediction> Run(SegModel model, bool whole = false, int[]? overlap = null) => [.. Predictor.Run(
        new PredictionRequest(model, [new(_image, null)], _folder.File("out"), "cpu", null, true) { WholeSlices = whole, PatchOverlap = overlap },
        _observer, default)];

    private static void Write(string path, Func<int, int, int, float> value) =>
        NiftiFile.Write(path, DatasetOnDisk.Make(VolumeGeometry.Axial(7, 6, 9, 1, 1, 1), value), NiftiDataType.Float32);

    private static void Near(ReadOnlySpan<float> expected, ReadOnlySpan<float> found) => Engine.Tests.Transforms.TransformBuilder.Near(expected, found, 1e-5);
}
