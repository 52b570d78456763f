using MedSeg.Engine.Data.Checks;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Tests.Bids;
using MedSeg.Engine.Transforms;
using Xunit;

namespace MedSeg.Engine.Tests.Configuration;

/// <summary>What a configuration and a dataset say together: three participants with T1w, T2w and labels, and one change each.</summary>
public sealed class DatasetFindingTests
{
    private static readonly Dictionary<string, (string Yaml, string Key, string Says, Action<BidsFolder>? Change)> Cases = new()
    {
        ["NoUsableImage"] = ("loader_parameters: {contrast_params: {training_validation: [PD]}}", "loader_parameters.contrast_params.training_validation", "none of the 6 images", null),
        ["ContrastWithoutImages"] = ("loader_parameters: {contrast_params: {training_validation: [T1w], testing: [T1]}}", "loader_parameters.contrast_params.testing", "'T1'; there are T1w, T2w", null),
        ["ClassWithoutLabels"] = ("loader_parameters: {target_suffix: [_seg-manual, _lesion]}", "loader_parameters.target_suffix", "no image has a label '_lesion'; there are _seg-manual", null),
        ["LabelsIncomplete"] = ("model_name: seg", "loader_parameters.target_suffix", "1 of 6 images", f => f.Delete("derivatives/labels/sub-02/anat/sub-02_T2w_seg-manual.nii.gz")),
        ["RoiLabelsMissing"] = ("loader_parameters: {roi_params: {suffix: _roi, slice_filter_roi: 5}}", "loader_parameters.roi_params.suffix", "6 of 6 images", null),
        ["ColumnMissing"] = ("split_dataset: {balance: centre}", "split_dataset.balance", "'centre'; the tables have age, sex", null),
        ["ColumnIncomplete"] = ("split_dataset: {balance: age}", "split_dataset.balance", "2 of 6 images have no value of 'age' (first: sub-03/", null),
        ["ValueUnknown"] = ("split_dataset: {data_testing: {data_value: ['01', '07']}}", "split_dataset.data_testing.data_value", "'07'; there are sub-01, sub-02, sub-03", null),
        ["SplitImpossible"] = ("split_dataset: {data_testing: {data_value: ['01', '02']}}", "split_dataset", "cannot be divided", null),
        ["SplitSizes"] = ("model_name: seg", "split_dataset", "1 of participant_id train, 1 validate and 1 are tested", null),
        ["ChannelsIncomplete"] = (
            "loader_parameters: {multichannel: true, contrast_params: {training_validation: [T1w, T2w]}}", "loader_parameters.multichannel", "1 sample(s) lack a channel beside 2",
            f => f.Delete("sub-02/anat/sub-02_T2w.nii.gz")),
        ["ChannelGridDiffers"] = (
            "loader_parameters: {multichannel: true, contrast_params: {training_validation: [T1w, T2w]}}", "loader_parameters.multichannel", "sub-03_T2w.nii.gz does not lie on the grid of sub-03/anat/sub-03_T1w.nii.gz: 20×16×3 voxels",
            f => Write(f, "sub-03/anat/sub-03_T2w.nii.gz", 20, 16)),
        ["HeaderUnreadable"] = ("model_name: seg", "loader_parameters.path_data", "1 of 6 images cannot be read", null),
        ["ImageNot3D"] = ("model_name: seg", "loader_parameters.path_data", "1 of 6 images have several channels or time points (first: sub-01/anat/sub-01_T1w.nii.gz, 2)", f => Write(f, "sub-01/anat/sub-01_T1w.nii.gz", 16, 16, channels: 2)),
        ["PatchLargerThanImage"] = ("default_model: {length_2D: [32, 16], stride_2D: [32, 16]}", "default_model.length_2D", "patches of 32×16 do not fit into 6 of 6 images (first: sub-01/anat/sub-01_T1w.nii.gz, 16×16", null),
        ["CropLargerThanImage"] = ("transformation: {Resample: {hspace: 2, wspace: 1}, CenterCrop: {size: [12, 12]}}", "transformation.CenterCrop", "6 of 6 images, which are padded with 0 (first: sub-01/anat/sub-01_T1w.nii.gz, 8×16)", null),
        ["SampleSizesDiffer"] = ("model_name: seg", "transformation.CenterCrop", "are 16×16 and those of sub-03/anat/sub-03_T2w.nii.gz are 20×16", f => WriteBoth(f, "03", "T2w", 20, 16)),
        ["ImageTooSmall"] = ("default_model: {depth: 5}", "default_model.depth", "at least 32 pixels, and sub-01/anat/sub-01_T1w.nii.gz has 16×16", null),
        ["TransformImpossible"] = ("transformation: {Resample: {hspace: 0.0001, wspace: 0.0001}}", "transformation.Resample", "into 160000", null),
        ["MemoryOfSamples"] = ("model_name: seg", "loader_parameters", "18 slices of 2 planes take 0.1 MB", null),
    };

    /// <summary>The ids that have a case here.</summary>
    internal static IEnumerable<string> Ids => Cases.Keys;

    public static TheoryData<string> CaseIds => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(CaseIds))]
    public void One_change_gives_one_finding(string id)
    {
        using BidsFolder folder = Folder();
        (string yaml, string key, string says, Action<BidsFolder>? change) = Cases[id];
        change?.Invoke(folder);
        BidsDataset dataset = folder.Scan();
        if (id == "HeaderUnreadable")
        {
            folder.Text("sub-01/anat/sub-01_T1w.nii.gz", "<html>Not found</html>"); // after the import, which leaves such a file out
        }

        SegFinding finding = Assert.Single(Test(ConfigFindingTests.Read(yaml), dataset), f => f.Id == id);

        Assert.Equal((key, ConfigFindingTests.Kind(id).Severity), (finding.Key, finding.Severity));
        Assert.Contains(says, finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dataset_that_fits_gives_only_information()
    {
        using BidsFolder folder = Folder();

        Assert.Equal(
            ["MemoryOfSamples", "MemoryOfTraining", "SplitSizes"],
            Test(ConfigFindingTests.Read("default_model: {depth: 2}"), folder.Scan()).Select(f => f.Id).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("FiLMedUnet: {applied: true, metadata: centre, film_layers: [1, 0, 0, 0, 0, 0, 0, 0]}", "FiLMedUnet.metadata")]
    [InlineData("training_parameters: {balance_samples: {applied: true, type: centre}}", "training_parameters.balance_samples.type")]
    [InlineData("split_dataset: {split_method: centre}", "split_dataset.split_method")]
    [InlineData("split_dataset: {data_testing: {data_type: centre}}", "split_dataset.data_testing.data_type")]
    [InlineData("loader_parameters: {subject_selection: {n: [1], metadata: [centre], value: [a]}}", "loader_parameters.subject_selection.metadata")]
    public void Every_column_that_is_named_is_looked_for(string yaml, string key)
    {
        using BidsFolder folder = Folder();

        Assert.Equal(key, Assert.Single(Test(ConfigFindingTests.Read(yaml), folder.Scan()), f => f.Id == "ColumnMissing").Key);
    }

    /// <summary>Cropping to the size of the patches makes them fit: the arithmetic is that of the load-time transforms.</summary>
    [Theory]
    [InlineData("{default_model: {length_2D: [32, 32], stride_2D: [32, 32]}, transformation: {CenterCrop: {size: [32, 32]}}}", false)]
    [InlineData("{default_model: {length_2D: [32, 32], stride_2D: [32, 32]}, transformation: {Resample: {hspace: 0.5, wspace: 0.5}}}", false)]
    [InlineData("{default_model: {length_2D: [32, 32], stride_2D: [32, 32]}, transformation: {Resample: {hspace: 0.5, wspace: 0.6}}}", true)]
    [InlineData("{default_model: {is_2d: false, length_3D: [16, 16, 16], stride_3D: [16, 16, 16]}}", true)]
    [InlineData("{default_model: {is_2d: false, length_3D: [16, 16, 16], stride_3D: [16, 16, 16]}, transformation: {CenterCrop: {size: [16, 16, 16]}}}", false)]
    public void Patches_are_compared_with_what_the_transforms_leave(string yaml, bool tooLarge)
    {
        using BidsFolder folder = Folder();

        Assert.Equal(tooLarge, Test(ConfigFindingTests.Read(yaml), folder.Scan()).Any(f => f.Id == "PatchLargerThanImage"));
    }

    [Fact]
    public void Two_dimensional_images_have_axial_slices_only()
    {
        using BidsFolder folder = BidsFolder.Clean().PixelSize().Image("sub-01/micr/sub-01_SEM.png");
        folder.Image("derivatives/labels/sub-01/micr/sub-01_SEM_seg-manual.png");

        Assert.Contains(Test(ConfigFindingTests.Read("loader_parameters: {slice_axis: coronal}"), folder.Scan()), f => f.Id == "RasterAxis");
    }

    [Fact]
    public void A_configuration_with_errors_of_its_own_is_not_compared()
    {
        using BidsFolder folder = Folder();

        Assert.Equal(["TargetMissing"], Test(ConfigFindingTests.Read("loader_parameters: {target_suffix: []}", "TargetMissing"), folder.Scan()).Select(f => f.Id));
    }

    /// <summary>640 slices of 128×128 with one channel and one class are 80 MB; all raters of a class are kept.</summary>
    [Theory]
    [InlineData("model_name: seg", "640 slices of 2 planes take 80.0 MB")]
    [InlineData("loader_parameters: {target_suffix: [[_a, _b], [_c]]}", "640 slices of 5 planes take 200.0 MB")]
    [InlineData("loader_parameters: {multichannel: true, contrast_params: {training_validation: [T1w, T2w]}}", "320 slices of 3 planes take 60.0 MB")]
    public void Memory_of_samples_is_counted(string yaml, string says) => Assert.StartsWith(
        says, MemoryChecks.Of(ConfigFindingTests.Read(yaml), [(new GridSize(128, 128), 640)]).First(f => f.Id == "MemoryOfSamples").Message, StringComparison.Ordinal);

    [Fact]
    public void Memory_of_training_is_told_where_the_size_is_known()
    {
        SegConfig cropped = ConfigFindingTests.Read("{default_model: {n_filters: 8}, transformation: {CenterCrop: {size: [64, 64]}}}");

        SegFinding finding = Assert.Single(MemoryChecks.Of(cropped, []));

        Assert.Contains("a step of 18 samples of 64×64", finding.Message, StringComparison.Ordinal);
        Assert.Empty(MemoryChecks.Of(ConfigFindingTests.Read("model_name: seg"), []));
    }

    /// <summary>Whatever a configuration says, the answer is findings: never an exception, and the same each time.</summary>
    [Fact]
    public void Any_configuration_gives_findings_and_no_exception()
    {
        using BidsFolder folder = Folder();
        BidsDataset dataset = folder.Scan();
        int compared = 0;
        for (int seed = 0; seed < 100; seed++)
        {
            SegConfig random = new ConfigGenerator(seed).Next();
            Test(random, dataset);
            IReadOnlyList<SegFinding> findings = Test(Mended(random), dataset);
            Assert.Equal(findings, Test(Mended(random), dataset));
            compared += findings.Any(f => f.Id == "MemoryOfSamples" || f.Key.StartsWith("split_dataset", StringComparison.Ordinal)) ? 1 : 0;
        }

        Assert.InRange(compared, 50, 100);
    }

    /// <summary>Random configurations mostly contradict themselves; what is left here gets as far as the dataset.</summary>
    private static SegConfig Mended(SegConfig random)
    {
        SegConfig config = ConfigFindingTests.Read("model_name: seg");
        config.LoaderParameters.SliceAxis = random.LoaderParameters.SliceAxis;
        config.LoaderParameters.Multichannel = random.LoaderParameters.Multichannel;
        config.LoaderParameters.ContrastParams.TrainingValidation = ["T1w", "T2w"];
        config.LoaderParameters.RoiParams.Suffix = random.LoaderParameters.RoiParams.Suffix;
        config.SplitDataset.SplitMethod = random.SplitDataset.SplitMethod;
        config.SplitDataset.Balance = random.SplitDataset.Balance;
        config.SplitDataset.DataTesting = random.SplitDataset.DataTesting;
        config.TrainingParameters.BalanceSamples = random.TrainingParameters.BalanceSamples;
        config.TrainingParameters.BatchSize = random.TrainingParameters.BatchSize;
        config.DefaultModel.Depth = random.DefaultModel.Depth;
        config.DefaultModel.NFilters = random.DefaultModel.NFilters;
        config.Transformation = [.. random.Transformation.Where(t => t.Name is not ("HistogramClipping" or "RandomAffine") && !t.Parameters.Keys.Any(k => k.EndsWith("_range", StringComparison.Ordinal)))];
        return config;
    }

    private static BidsFolder Folder()
    {
        BidsFolder folder = new BidsFolder().Text("dataset_description.json", """{"Name": "Test", "BIDSVersion": "1.9.0"}""")
            .Text("participants.tsv", "participant_id\tage\tsex\nsub-01\t30\tF\nsub-02\t40\tM\nsub-03\tn/a\tF\n");
        foreach (string id in new[] { "01", "02", "03" })
        {
            WriteBoth(folder, id, "T1w", 16, 16);
            WriteBoth(folder, id, "T2w", 16, 16);
        }

        return folder;
    }

    private static void WriteBoth(BidsFolder folder, string id, string contrast, int x, int y)
    {
        Write(folder, $"sub-{id}/anat/sub-{id}_{contrast}.nii.gz", x, y);
        Write(folder, $"derivatives/labels/sub-{id}/anat/sub-{id}_{contrast}_seg-manual.nii.gz", x, y);
    }

    private static void Write(BidsFolder folder, string path, int x, int y, int channels = 1)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.PathOf(path))!);
        NiftiFile.Write(folder.PathOf(path), new Volume(new float[x * y * 3 * channels], VolumeGeometry.Axial(x, y, 3, 1, 1, 1), channels), NiftiDataType.UInt8);
    }

    private static IReadOnlyList<SegFinding> Test(SegConfig config, BidsDataset dataset) =>
        SegEngine.TestConfig(config, dataset, Path.GetTempPath(), SilentObserver.Instance, CancellationToken.None);
}
