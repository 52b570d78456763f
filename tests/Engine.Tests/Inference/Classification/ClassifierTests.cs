using System.Globalization;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Inference;
using MedSeg.Engine.Inference.Classification;
using MedSeg.Engine.Packaging.Ensembles;
using MedSeg.Engine.Tests.Data;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Inference.Classification;

/// <summary>The models here answer with the mean of each slice.</summary>
public sealed class ClassifierTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RecordingObserver _observer = new();

    private string Output => _folder.File("out");

    private string Table => Path.Combine(Output, "mean_classification.csv");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_slice_is_one_object_and_one_line_of_the_table_in_any_culture()
    {
        var before = CultureInfo.CurrentCulture;
        var image = Image("sub-1, odd_T2w.nii.gz", 0.25f, 0.75f, 0.5f);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            var slices = Run(Model());
            Assert.Equal([0, 1, 2], slices.Select(s => s.Slice));
            Assert.Equal([0.25, 0.75, 0.5], slices.Select(s => s.Classes[0].Probability), (a, b) => Math.Abs(a - b) < 1e-6);
            Assert.Equal([false, true, true], slices.Select(s => s.Classes[0].IsPresent));
            Assert.All(slices, s => Assert.Equal(("a", "_a", Table), (s.Classes[0].Name, s.Classes[0].Suffix, s.OutputPath)));
            Assert.All(slices, s => Assert.Null(s.Classes[0].Reference));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        var lines = File.ReadAllText(Table).Split('\n');
        Assert.Equal("image,slice,class,probability,decision", lines[0]);
        Assert.Equal([$"\"{image}\",0,a,0.25,0", $"\"{image}\",1,a,0.75,1", $"\"{image}\",2,a,0.5,1", ""], lines[1..]);
        Assert.Equal([Table], Directory.GetFiles(Output, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_slice_of_patches_holds_what_any_of_them_holds()
    {
        var image = Image("one.nii.gz", 0.1f);
        var volume = ImageFile.Read(image);
        volume.Voxels.AsSpan().Fill(0.125f);
        for (var i = 0; i < 4; i++)
            volume.Voxels[(i / 2 * 8) + (i % 2)] = 1;
        NiftiFile.Write(image, volume, NiftiDataType.Float32);
        var slice = Assert.Single(Run(Model(change: c => (c.DefaultModel.Length2D, c.DefaultModel.Stride2D) = ([2, 2], [2, 2]))));
        Assert.Equal(1, slice.Classes[0].Probability, 6);
        Assert.True(Assert.Single(Run(Model())).Classes[0].Probability < 0.3, "whole slices have the mean");
    }

    [Fact]
    public void Channels_are_put_together_by_name_and_classes_are_decided_one_by_one()
    {
        Image("sub-1_T1w.nii.gz", 0.25f, 0.75f);
        Image("sub-1_T2w.nii.gz", 0.5f, 0.875f);
        var slices = Run(Model(["_a", "_b"], change: c =>
        {
            c.LoaderParameters.Multichannel = true;
            c.LoaderParameters.ContrastParams.TrainingValidation = ["T1w", "T2w"];
        }));
        Assert.Equal(["False True", "True True"], slices.Select(s => $"{s.Classes[0].IsPresent} {s.Classes[1].IsPresent}"));
        Assert.All(slices, s => Assert.Equal(("T1w+T2w", 2), (s.Contrast, s.ChannelPaths.Count)));
    }

    [Fact]
    public void A_slice_that_a_filter_rejects_holds_nothing()
    {
        var path = Image("sub-1_T2w.nii.gz", 0.75f, 0.75f);
        var volume = ImageFile.Read(path);
        volume.Voxels.AsSpan(0, 64).Fill(0.75f);
        NiftiFile.Write(path, volume, NiftiDataType.Float32);
        Assert.Equal([0, 0.75], Run(Model()).Select(s => s.Classes[0].Probability), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void An_image_that_cannot_be_classified_is_one_error_and_the_others_go_on()
    {
        Image("a.nii.gz", 0.75f);
        File.WriteAllText(_folder.File("b.nii.gz"), "no image");
        var slices = Run(Model());
        Assert.Equal("a", Assert.Single(slices).ImageId);
        Assert.Equal(_folder.File("b.nii.gz"), Assert.Single(_observer.Errors).TargetItem);
        Assert.Equal(2, File.ReadAllLines(Table).Length);
    }

    [Fact]
    public void An_image_too_small_for_the_network_is_an_error_that_says_so()
    {
        Image("a.nii.gz", 0.75f);
        Assert.Empty(Run(Model(minimumSize: 29)));
        var error = Assert.Single(_observer.Errors);
        Assert.Equal("ImageTooSmall", error.ErrorId);
        Assert.Contains("8×8 after resampling and cropping; the network needs at least 29×29", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_say_what_is_there()
    {
        var label = Image("label.nii.gz", 0, 1);
        var volume = ImageFile.Read(label);
        for (var i = 0; i < volume.Voxels.Length; i++)
            volume.Voxels[i] = i == 70 ? 1 : 0;
        NiftiFile.Write(label, volume, NiftiDataType.UInt8);
        var path = Image("sub-1_T2w.nii.gz", 0.75f, 0.25f);
        var image = FakeDataset.Image("sub-1", "T2w") with { Path = path, Labels = new Dictionary<string, string> { ["_a"] = label } };
        Assert.Equal([false, true], Run(Model(), new PredictionInput(path, image)).Select(s => s.Classes[0].Reference!.Value));

        File.WriteAllText(label, "no image");
        Assert.All(Run(Model(), new PredictionInput(path, image)), s => Assert.Null(s.Classes[0].Reference));
        Assert.Contains($"'{label}' is not compared", Assert.Single(_observer.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void The_members_of_an_ensemble_are_averaged()
    {
        Image("a.nii.gz", 0.5f);
        SegModel[] members = [.. new[] { 1f, 0.5f, 0.25f }.Select((f, i) => Model(factor: f, folder: $"m{i}"))];
        var ensemble = EnsembleModel.Of(_folder.File("ensemble"), members);
        Assert.Equal(SegTask.Classification, ensemble.Task);
        Assert.Equal(0.875 / 3, Assert.Single(Run(ensemble)).Classes[0].Probability, 6);
        var segments = CopyModel.Create(_folder.File("copy"), ["_a"]) with { Name = "mean" };
        Assert.Contains("tasks differ", Assert.Throws<SegException>(() => EnsembleModel.Of(_folder.Path, [members[0], segments])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_not_finished_leaves_no_table()
    {
        Image("a.nii.gz", 0.75f);
        Image("b.nii.gz", 0.75f);
        var first = Classifier.Run(Request(Model()), _observer, default).First();
        Assert.Equal(Table, first.OutputPath);
        Assert.False(File.Exists(Table));
    }

    [Fact]
    public void A_table_is_not_put_into_a_dataset_of_another_kind()
    {
        Image("a.nii.gz", 0.75f);
        Directory.CreateDirectory(Output);
        File.WriteAllText(Path.Combine(Output, "dataset_description.json"), """{"Name": "raw", "DatasetType": "raw"}""");
        Assert.Equal("OutputIsDataset", Assert.Throws<SegException>(() => Run(Model())).ErrorId);
    }

    [Fact]
    public void Models_of_the_other_task_are_refused()
    {
        Image("a.nii.gz", 0.75f);
        var segments = CopyModel.Create(_folder.File("copy"), ["_a"]);
        Assert.Equal("NotAClassifier", Assert.Throws<SegException>(() => Run(segments)).ErrorId);
        Assert.Equal("NotASegmentation", Assert.Throws<SegException>(() => Predictor.Run(Request(Model()), _observer, default)).ErrorId);
        Assert.Equal("ModelDamaged", Assert.Throws<SegException>(() => Run(segments with { Task = SegTask.Classification })).ErrorId);
    }

    [Fact]
    public void Options_without_effect_are_warned_of()
    {
        Image("a.nii.gz", 0.75f);
        Assert.Single(Classifier.Run(Request(Model()) with { Soft = true, WholeSlices = true }, _observer, default));
        Assert.Equal(["NoPatch has", "Soft has no"], _observer.Warnings.Select(w => w[..11].Trim()).Order());
    }

    private List<SegClassification> Run(SegModel model, params PredictionInput[] inputs) => [.. Classifier.Run(Request(model, inputs), _observer, default)];

    private PredictionRequest Request(SegModel model, params PredictionInput[] inputs) => new(
        model,
        inputs.Length > 0 ? inputs : [.. Directory.GetFiles(_folder.Path, "*.nii.gz").Order(StringComparer.Ordinal).Select(path => new PredictionInput(path, null))],
        Output, "cpu", null, false);

    private SegModel Model(string[]? suffixes = null, float factor = 1, int? minimumSize = null, string folder = "model", Action<SegConfig>? change = null) =>
        MeanModel.Create(_folder.File(folder), suffixes ?? ["_a"], factor, minimumSize, change);

    /// <summary>Slices of 8×8 pixels with given means, which are not constant.</summary>
    private string Image(string name, params float[] means)
    {
        var voxels = new float[64 * means.Length];
        for (var i = 0; i < voxels.Length; i++)
            voxels[i] = means[i / 64] + (i % 2 == 0 ? 0.125f : -0.125f);
        var path = _folder.File(name);
        NiftiFile.Write(path, new Volume(voxels, VolumeGeometry.Axial(8, 8, means.Length, 1, 1, 1)), NiftiDataType.Float32);
        return path;
    }
}
