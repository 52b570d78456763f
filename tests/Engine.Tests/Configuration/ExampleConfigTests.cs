using MedSeg.Engine.Configuration;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Configuration;

/// <summary>
/// Configurations of the kinds that the reference toolbox ships, written anew: each is read, passes the checks, and comes back equal
/// from JSON and from YAML.
/// </summary>
public sealed class ExampleConfigTests
{
    /// <summary>Every file of the folder Examples.</summary>
    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Configuration", "Examples");

    /// <summary>Reads an example; its warnings go to <paramref name="warn"/>.</summary>
    internal static SegConfig Read(string file, Action<string>? warn = null) =>
        ConfigReader.Read(Path.Combine(Folder, file), SegEngine.Catalog, warn ?? (_ => { }));

    [Theory]
    [MemberData(nameof(Files))]
    public void An_example_comes_back_equal(string file)
    {
        SegConfig config = Read(file);

        using var folder = new TemporaryFolder();
        foreach (string name in new[] { "c.json", "c.yaml" })
        {
            ConfigWriter.Write(config, folder.File(name));
            SegConfig again = ConfigReader.Read(folder.File(name), SegEngine.Catalog, w => Assert.Fail(w));
            Assert.Equal(Full(config), Full(again));
        }

        if (file != "defaults.json")
        {
            ConfigValidator.Validate(config, SegEngine.Catalog);
        }
    }

    [Fact]
    public void There_is_an_example_of_every_kind() => Assert.Equal(10, Files.Count);

    [Fact]
    public void The_generic_example_means_the_same_in_both_generations_of_names()
    {
        SegConfig old = Read("generic-2020.json");
        SegConfig now = Read("generic.json");

        Assert.Equal(Full(now.LoaderParameters.ContrastParams), Full(old.LoaderParameters.ContrastParams));
        Assert.Equal(Full(now.EvaluationParameters), Full(old.EvaluationParameters));
        Assert.Equal(now.Transformation.Select(t => t.Name), old.Transformation.Select(t => t.Name));
        Assert.Equal(now.PathOutput, old.PathOutput);
        Assert.Equal(["binarize_prediction", "remove_small"], old.Postprocessing.Select(s => s.Name));
        Assert.Equal((18, 100, 0.9), (old.TrainingParameters.BatchSize, old.TrainingParameters.TrainingTime.NumEpochs, old.DefaultModel.BnMomentum));
        Assert.Equal((32, 15, 0.1), (now.TrainingParameters.BatchSize, now.TrainingParameters.TrainingTime.NumEpochs, now.DefaultModel.BnMomentum));
    }

    [Fact]
    public void The_default_document_is_what_absent_keys_mean()
    {
        SegConfig config = Read("defaults.json");
        config.Wandb = null;
        config.TrainingParameters.TransferLearning.Reset = false; // D-60

        Assert.Equal(Full(new SegConfig()), Full(config));
    }

    [Fact]
    public void Old_names_of_the_examples_keep_their_meaning()
    {
        SegConfig lesion = Read("classification.json");
        SegConfig roi = Read("lesion-roi.yaml");
        SegConfig hemis = Read("hemis.json");
        SegConfig small = Read("small-test.yaml");
        SegConfig tumor = Read("tumor-3d.json");
        SegConfig discs = Read("vertebral-labeling.json");

        Assert.Equal((true, false, 0.4), (lesion.Resnet18.Applied, lesion.Densenet121.Applied, lesion.DefaultModel.DropoutRate));
        Assert.Equal((20, "CyclicLR"), (lesion.LoaderParameters.ContrastParams.TrainingValidation.Length, lesion.TrainingParameters.Scheduler.LrScheduler.Name));
        Assert.Equal(("uncertainty", "ROICrop"), (roi.Postprocessing[0].Name, roi.Transformation[1].Name));
        Assert.Equal(("slices.hdf5", "_seg-manual"), (hemis.HemisUnet.PathHdf5, hemis.LoaderParameters.RoiParams.Suffix));
        Assert.Equal(("institution_id", "unf"), (hemis.SplitDataset.DataTesting.DataType, hemis.SplitDataset.DataTesting.DataValue[0]));
        Assert.Equal(("test", 0.4, 10L), (small.Command, small.DefaultModel.DropoutRate, small.TrainingParameters.Scheduler.LrScheduler.Parameters["T_0"]));
        Assert.True(tumor.Modified3DUnet is { Applied: true, Length3D: [512, 256, 16], NFilters: 8, Attention: false });
        Assert.True(discs.LoaderParameters.SoftGt);
        Assert.Equal(["Resample", "Clahe", "AdditiveGaussianNoise", "RandomAffine", "NormalizeInstance"], discs.Transformation.Select(t => t.Name));
        Assert.Equal(["degrees", "translate"], discs.Transformation[3].Parameters.Keys.Order());
    }

    [SharedTheory]
    [InlineData("golden/packaged/spine-unet2d/my_model/my_model.json")]
    [InlineData("golden/packaged/spine-unet2d/training_config.json")]
    [InlineData("golden/packaged/sem-2class/model_seg_rat_axon-myelin_sem/model_seg_rat_axon-myelin_sem.json")]
    [InlineData("golden/packaged/sem-2class/training_config.json")]
    [InlineData("golden/e2e_unet2d_learn_config.json")]
    [InlineData("data/spine-generic-labels/trained_model/seg_sc_t1-t2-t2s-mt/seg_sc_t1-t2-t2s-mt.json")]
    public void A_published_file_comes_back_equal_from_both_formats(string file)
    {
        SegConfig config = ConfigReader.Read(SharedFolder.File(file.Split('/')), SegEngine.Catalog, _ => { });

        Assert.Equal(Full(config), Full(ConfigReader.Parse(ConfigWriter.ToJson(config), "c.json", SegEngine.Catalog, w => Assert.Fail(w))));
        Assert.Equal(Full(config), Full(ConfigReader.Parse(ConfigWriter.ToYaml(config), "c.yaml", SegEngine.Catalog, w => Assert.Fail(w))));
    }

    private static string Full(object section) => ConfigJson.Write(ConfigTree.Of(section, full: true));
}
