using MedSeg.Engine.Imaging;
using MedSeg.Engine.Reporting;
using MedSeg.Engine.Runtime;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Tests.Transforms;
using MedSeg.Engine.Transforms;
using Xunit;

namespace MedSeg.Engine.Tests.Reporting;

public sealed class TransformSheetTests : IDisposable
{
    private static readonly VolumeGeometry s_grid = VolumeGeometry.Axial(20, 24, 6, 1, 1, 3);
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _warnings = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_tile_shows_what_its_transform_does_and_nothing_else()
    {
        var config = Config(
            ("RandomBlur", [("sigma_range", new[] { 1, 1.0 }), ("p", 1.0)]),
            ("DilateGT", [("dilation_factor", 0.5)]),
            ("RandomGamma", [("log_gamma_range", new[] { 0.5, 0.6 }), ("p", 0.0)]),
            ("CenterCrop", [("size", new[] { 16, 18 })]));
        var tiles = Assert.Single(Rows(config)).Tiles;

        Assert.Equal([null, "CenterCrop", "RandomBlur", "DilateGT", "RandomGamma"], tiles.Select(t => t.Step?.Name));
        Assert.Equal([SegTransformStage.Load, SegTransformStage.Access], tiles.Select(t => t.Step?.Stage).OfType<SegTransformStage>().Distinct());
        Assert.Equal([16, 18], tiles[1].Step!.Size);
        Assert.NotEqual(tiles[1].Sample.Image, tiles[2].Sample.Image);
        Assert.Equal(tiles[1].Sample.Labels, tiles[2].Sample.Labels);
        Assert.Equal(tiles[2].Sample.Image, tiles[3].Sample.Image);
        Assert.NotEqual(tiles[2].Sample.Labels[0], tiles[3].Sample.Labels[0]);
        Assert.Equal(tiles[3].Sample.Image, tiles[4].Sample.Image);
        Assert.Equal(tiles[3].Sample.Labels, tiles[4].Sample.Labels);
        Assert.Equal((true, false), (tiles[3].Step!.Changed, tiles[4].Step!.Changed));
        Assert.Equal(["no change"], tiles[4].Words);
        Assert.Equal(["sigma 1 voxels"], tiles[2].Words);
        Assert.Equal(["dilation_factor 0.5"], tiles[3].Words);
    }

    [Fact]
    public void The_last_tile_is_what_training_gets_from_the_same_stream()
    {
        var config = Config(
            ("RandomAffine", [("degrees", 20L), ("scale", new[] { 0.2, 0.2 })]),
            ("Resample", [("hspace", 0.8), ("wspace", 0.9)]),
            ("RandomShiftIntensity", [("shift_range", new[] { 1, 2.0 }), ("prob", 1.0)]),
            ("AdditiveGaussianNoise", []));
        var tiles = Assert.Single(Rows(config, seed: 5)).Tiles;

        var pipeline = TransformPipeline.Create(config, DatasetParts.Training);
        var random = new RandomStream(5, 0);
        var load = TransformPipeline.Draw(pipeline.AtLoad, tiles[0].Sample.Info, random);
        var access = TransformPipeline.Draw(pipeline.AtAccess, load.Output, random);
        foreach (var kind in new[] { SampleKinds.Image, SampleKinds.Label })
        {
            var loaded = new float[load.Output.Size.Count];
            load.Apply(kind == SampleKinds.Image ? tiles[0].Sample.Image : tiles[0].Sample.Labels[0], loaded, kind);
            var expected = new float[access.Output.Size.Count];
            access.Apply(loaded, expected, kind);
            Assert.Equal(expected, kind == SampleKinds.Image ? tiles[^1].Sample.Image : tiles[^1].Sample.Labels[0]);
        }

        Assert.Equal(["angle", "scale", "shift"], tiles[2].Step!.Parameters.Keys);
        Assert.InRange(tiles[2].Step!.Parameters["angle"][0], -20, 20);
        Assert.InRange(Assert.Single(tiles[3].Step!.Parameters["shift"]), 1, 2);
    }

    [Fact]
    public void Rows_are_slices_with_draws_of_their_own_and_slices_come_again_when_there_are_no_more()
    {
        var config = Config(("RandomAffine", [("degrees", 20L)]));
        // The label lies in slices 2 and 3.
        Assert.Equal([2, 3, 2], Rows(config, count: 3).Select(r => r.Slice));
        var rows = Rows(config, slice: 4, count: 2);
        Assert.Equal([4, 4], rows.Select(r => r.Slice));
        Assert.NotEqual(rows[0].Tiles[1].Sample.Image, rows[1].Tiles[1].Sample.Image);
        Assert.Equal(rows[0].Tiles[1].Sample.Image, Rows(config, slice: 4)[0].Tiles[1].Sample.Image);
        Assert.NotEqual(rows[0].Tiles[1].Sample.Image, Rows(config, slice: 4, seed: 1)[0].Tiles[1].Sample.Image);
    }

    [Theory]
    [InlineData("axial", 20, 24, 6)]
    [InlineData("coronal", 6, 20, 24)]
    [InlineData("sagittal", 6, 24, 20)]
    public void Slices_and_volumes_are_cut_along_the_axis_of_the_configuration(string axis, int h, int w, int d)
    {
        var config = Config(("NormalizeInstance", []));
        config.LoaderParameters.SliceAxis = axis;
        Assert.Equal(new GridSize(h, w), Rows(config)[0].Tiles[0].Size);
        config.DefaultModel.Is2D = false;
        var row = Assert.Single(Rows(config));
        Assert.Null(row.Slice);
        Assert.Equal(new GridSize(h, w, d), row.Tiles[0].Size);
        Assert.Equal([h, w, d], row.Tiles[1].Step!.Size);

        // Of the volume the middle slice is shown.
        var flat = Config(("NormalizeInstance", []));
        flat.LoaderParameters.SliceAxis = axis;
        Assert.Equal(Rows(flat, slice: d / 2)[0].Tiles[0].Sample.Image, row.Tiles[0].Sample.Image);
        Assert.NotEqual(Rows(flat, slice: d / 2)[0].Tiles[1].Sample.Image, row.Tiles[1].Sample.Image);
    }

    [Fact]
    public void A_slice_of_a_volume_sample_is_an_error()
    {
        var config = Config(("NormalizeInstance", []));
        config.DefaultModel.Is2D = false;
        Assert.Equal("SliceOfVolume", Assert.Throws<SegException>(() => Rows(config, slice: 1)).ErrorId);
        Assert.Equal("SliceOutOfRange", Assert.Throws<SegException>(() => Rows(Config(), slice: 6)).ErrorId);
    }

    [Fact]
    public void A_region_of_interest_moves_the_crop_and_without_one_there_is_a_warning()
    {
        var config = Config(("ROICrop", [("size", new[] { 6, 6 })]));
        var middle = Rows(config)[0].Tiles[1].Sample.Image;
        Assert.Contains("ROICrop", Assert.Single(_warnings), StringComparison.Ordinal);
        var roi = Evaluation.Masks.Where(s_grid, (x, y, _) => x is >= 3 and <= 5 && y is >= 15 and <= 17);
        var cropped = Rows(config, roi: roi)[0].Tiles[1];
        Assert.Single(_warnings);
        Assert.NotEqual(middle, cropped.Sample.Image);
        // Voxel (4, 16), the centre of the region, is the middle of the crop.
        Assert.Equal(Rows(Config(), roi: roi)[0].Tiles[0].Sample.Image[(4 * 24) + 16], cropped.Sample.Image[(3 * 6) + 3]);
    }

    [Fact]
    public void Testing_shows_no_random_transform() =>
        Assert.Equal(
            ["HistogramClipping"],
            Rows(Config(("RandomReverse", []), ("HistogramClipping", [])), part: DatasetParts.Testing)[0].Tiles.Skip(1).Select(t => t.Step!.Name));

    [Fact]
    public void A_soft_label_is_a_weaker_tint()
    {
        var config = Config(("DilateGT", [("dilation_factor", 0.5)]));
        var input = Input();
        var canvas = new TransformSheetPicture(input, "image", "training", 0).Draw(Rows(config), CancellationToken.None);
        var tile = (canvas.Width - 8) / 2;
        var different = 0;
        for (var row = 26; row < 26 + 288; row++)
        {
            for (var column = 8; column < tile; column++)
                different += canvas[row, column] == canvas[row, column + tile] ? 0 : 1;
        }

        Assert.InRange(different, 500, 20000);
    }

    [Fact]
    public void Files_become_one_picture_and_the_same_files_give_the_same_bytes()
    {
        var (image, label) = (_folder.File("sub-01_T2w.nii.gz"), _folder.File("sub-01_T2w_seg-manual.nii.gz"));
        NiftiFile.Write(image, new(Input().Image.Voxels, s_grid), NiftiDataType.Float32);
        NiftiFile.Write(label, new(Input().Labels[0].Reference!.Voxels, s_grid), NiftiDataType.UInt8);
        var config = Config(("RandomAffine", [("degrees", 20L)]), ("RandomBlur", [("sigma_range", new[] { 1, 2.0 })]), ("AdditiveGaussianNoise", []));
        var request = SegEngine.TransformSheetOf(image, [label], null, config);
        Assert.Equal(("seg-manual", "sub-01_T2w_transforms.png"), (request.Labels[0].Name, request.OutputPath));
        string[] outputs = [_folder.File("new", "a.png"), _folder.File("b.png")];
        var sheets = outputs.Select(o => SegEngine.WriteTransformSheet(request with { OutputPath = o, Count = 2 }, SilentObserver.Instance, default)).ToArray();
        Assert.Equal(File.ReadAllBytes(outputs[0]), File.ReadAllBytes(outputs[1]));
        Assert.Equal((outputs[0], 2, 6), (sheets[0].Path, sheets[0].Samples, sheets[0].Steps.Count));
    }

    [Fact]
    public void Pictures_need_their_pixel_size_and_axial_slices()
    {
        var image = _folder.File("sub-01_SEM.png");
        PngFile.WriteGray(image, [.. Enumerable.Range(0, 200).Select(i => (byte)i)], 10, 20);
        var request = SegEngine.TransformSheetOf(image, [], null, Config(("NormalizeInstance", []))) with { OutputPath = _folder.File("o.png") };
        Assert.Equal("PixelSizeMissing", Assert.Throws<SegException>(() => Write(request)).ErrorId);
        File.WriteAllText(_folder.File("sub-01_SEM.json"), """{"PixelSize": [0.1, 0.1], "PixelSizeUnits": "um"}""");
        Assert.Equal([10, 20], Assert.Single(Write(request).Steps).Size);
        request.Config.LoaderParameters.SliceAxis = "coronal";
        Assert.Equal("SliceAxisOf2D", Assert.Throws<SegException>(() => Write(request)).ErrorId);

        static SegTransformSheet Write(TransformSheetRequest r) => SegEngine.WriteTransformSheet(r, SilentObserver.Instance, default);
    }

    [Fact]
    public void Images_of_a_dataset_bring_the_labels_that_the_configuration_names()
    {
        var image = new BidsImage
        {
            Path = "/d/sub-01/anat/sub-01_T2w.nii.gz", Root = "/d", RelativePath = "sub-01/anat/sub-01_T2w.nii.gz", Subject = "sub-01",
            Entities = new Dictionary<string, string>(), Suffix = "T2w", Contrast = "T2w", DataType = "anat", Extension = ".nii.gz",
            Labels = new Dictionary<string, string> { ["_roi"] = "/r", ["_b"] = "/b", ["_a"] = "/a" },
        };
        var config = Config();
        config.LoaderParameters.RoiParams.Suffix = "_roi";
        Assert.Equal(["a", "b"], SegEngine.TransformSheetOf(image, config).Labels.Select(l => l.Name));
        config.LoaderParameters.TargetSuffix = ["_b", "_c"];
        var request = SegEngine.TransformSheetOf(image, config);
        Assert.Equal(("/b", "/r"), (Assert.Single(request.Labels).Path, request.RoiPath));
    }

    private IReadOnlyList<TransformSheetRow> Rows(
        SegConfig config, int seed = 0, int? slice = null, int count = 1, float[]? roi = null, string part = DatasetParts.Training)
    {
        var axis = SliceLayout.Parse(config.LoaderParameters.SliceAxis);
        var input = Input() with { Axis = axis, Roi = roi is null ? null : new(roi, s_grid) };
        var request = new TransformSheetRequest("image", [], config, "out.png", part, seed, slice, count);
        return TransformSheet.Rows(input, TransformPipeline.Create(config, part), request, new Listener(_warnings), default);
    }

    private static TransformSheetInput Input()
    {
        var random = new RandomStream(1);
        var image = Enumerable.Range(0, 20 * 24 * 6).Select(_ => (float)(100 * random.NextDouble())).ToArray();
        var label = Evaluation.Masks.Where(s_grid, (x, y, z) => x is >= 8 and <= 12 && y is >= 9 and <= 14 && z is 2 or 3 && (z == 2 || x < 10));
        return new(new(image, s_grid), [new("cord", null, new(label, s_grid))], null, false, SliceAxis.Axial);
    }

    private static SegConfig Config(params (string Name, (string Key, object? Value)[] Parameters)[] transforms) => new()
    {
        Transformation = [.. transforms.Select(t => TransformBuilder.Config(t.Name, t.Parameters))],
    };

    private sealed class Listener(List<string> warnings) : ISegObserver
    {
        public void Progress(SegProgress progress)
        {
        }

        public void Verbose(string message)
        {
        }

        public void Warning(string message) => warnings.Add(message);

        public void Error(SegException error) => throw error;
    }
}
