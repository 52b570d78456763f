using MedSeg.Engine.Configuration;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Configuration;

/// <summary>Configurations of the reference toolbox as they were published.</summary>
public sealed class PublishedConfigTests
{
    [SharedTheory]
    [InlineData("golden/packaged/spine-unet2d/my_model/my_model.json")]
    [InlineData("golden/packaged/spine-unet2d/training_config.json")]
    [InlineData("golden/packaged/sem-2class/model_seg_rat_axon-myelin_sem/model_seg_rat_axon-myelin_sem.json")]
    [InlineData("golden/packaged/sem-2class/training_config.json")]
    [InlineData("golden/e2e_unet2d_learn_config.json")]
    [InlineData("data/spine-generic-labels/trained_model/seg_sc_t1-t2-t2s-mt/seg_sc_t1-t2-t2s-mt.json")]
    public void Published_files_are_read_and_written_without_loss(string file)
    {
        SegConfig config = ConfigReader.Read(SharedFolder.File(file.Split('/')), SegEngine.Catalog, _ => { });

        string json = ConfigWriter.ToJson(config);
        Assert.Equal(json, ConfigWriter.ToJson(ConfigReader.Parse(json, "c.json", SegEngine.Catalog, w => Assert.Fail(w))));
        Assert.NotEmpty(config.LoaderParameters.TargetSuffix);
        Assert.NotEmpty(config.Transformation);
        ConfigValidator.Validate(config, SegEngine.Catalog);
    }

    [SharedFact]
    public void The_published_spine_model_of_2020_keeps_its_meaning()
    {
        var warnings = new List<string>();
        string path = SharedFolder.File("data", "spine-generic-labels", "trained_model", "seg_sc_t1-t2-t2s-mt", "seg_sc_t1-t2-t2s-mt.json");

        SegConfig config = ConfigReader.Read(path, SegEngine.Catalog, warnings.Add);

        Assert.Equal((0, "spineGeneric"), (config.GpuIds[0], config.PathOutput));
        Assert.Equal(["../dataset/data_example_spinegeneric"], config.LoaderParameters.PathData);
        Assert.Equal(0.9, config.DefaultModel.BnMomentum);
        Assert.Equal((true, 2), (config.Uncertainty.Epistemic, config.Uncertainty.NIt));
        Assert.Equal([20.0, 100.0], config.EvaluationParameters.TargetSize!.Thr);
        Assert.Equal(["Resample", "CenterCrop", "RandomAffine", "ElasticTransform", "NormalizeInstance"], config.Transformation.Select(t => t.Name));
        Assert.DoesNotContain("preprocessing", config.Transformation[0].Parameters.Keys);
        Assert.Equal(["binarize_prediction", "remove_small"], config.Postprocessing.Select(p => p.Name));
        Assert.Contains(warnings, w => w.Contains("'gpu' is now 'gpu_ids'", StringComparison.Ordinal));
    }
}
