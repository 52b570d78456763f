using MedSeg.Engine.Imaging;
using MedSeg.Engine.Inference;
using MedSeg.Engine.Tests.Data;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Inference;

public sealed class PatchPredictionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RecordingObserver _observer = new();
    private readonly SegModel _model;
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Models_of_volumes_are_refused(bool modified)
    {
        (_model.Config.DefaultModel.Is2D, _model.Config.Modified3DUnet.Applied) = (modified, modified);
        Assert.Equal("NotSupportedYet", Assert.Throws<SegException>(() => Run(whole: false, null)).ErrorId);
    }

    private List<SegPrediction> Run(bool whole, int[]? overlap) => [.. Predictor.Run(
        new PredictionRequest(_model, [new(_image, null)], _folder.File("out"), "cpu", null, true) { WholeSlices = whole, PatchOverlap = overlap },
        _observer, default)];
}
