using MedSeg.Engine.Bids;
using MedSeg.Engine.Data;
using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Transforms;
using Xunit;

namespace MedSeg.Engine.Tests.Data;

/// <summary>Samples of real images.</summary>
public sealed class RealSamplesTests
{
    private readonly RecordingObserver _observer = new();

    [SharedFact]
    public void Three_contrasts_of_the_spine_are_channels_of_one_sample()
    {
        var config = Spine("_seg-manual");
        using var dataset = Load(SharedFolder.File("data", "spine-mri"), config);
        Assert.Empty(_observer.Errors);
        Assert.Equal((3, 1, new GridSize(128, 128)), (dataset.Channels, dataset.Classes, dataset.Size));
        Assert.Equal(["sub-unf01", "sub-unf02", "sub-unf03"], dataset.Origins.Select(o => o.Image.Subject).Distinct());
        var (input, target) = dataset.At(5);
        Assert.Equal(3, Enumerable.Range(0, 3).Select(c => input.AsSpan(c * 128 * 128, 128 * 128).ToArray().Sum()).Distinct().Count());
        Assert.InRange(target.Sum(), 20, 200);
    }

    /// <summary>The lesions of the three contrasts were drawn apart (81, 141 and 90 voxels).</summary>
    [SharedFact]
    public void Lesions_that_differ_between_contrasts_need_a_choice()
    {
        var config = Spine("_lesion-manual");
        var root = SharedFolder.File("data", "spine-mri");
        Assert.Throws<SegException>(() => Load(root, config));
        Assert.Contains(_observer.Errors, e => e.ErrorId == "LabelsDiffer" && e.Recommendation.Contains("target_contrast", StringComparison.Ordinal));
        config.LoaderParameters.TargetContrast = "T2w";
        config.Transformation = [];
        using var dataset = Load(root, config);
        Assert.Equal(141, Enumerable.Range(0, dataset.Count).Where(i => dataset.Origins[i].Image.Subject == "sub-unf01").Sum(i => dataset.At(i).Target.Sum()));
    }

    [SharedFact]
    public void Patches_cover_microscopy_of_different_sizes_with_both_classes()
    {
        var config = new SegConfig
        {
            LoaderParameters = { TargetSuffix = ["_seg-axon-manual", "_seg-myelin-manual"], Extensions = [".png"] },
            DefaultModel = { Length2D = [256, 256], Stride2D = [244, 244] },
        };
        using var dataset = Load(SharedFolder.File("data", "loader-cases", "microscopy_png"), config);
        Assert.Empty(_observer.Errors);
        Assert.Equal((2, new GridSize(256, 256)), (dataset.Classes, dataset.Size));
        Assert.All(dataset.Origins.GroupBy(o => o.Image), image => Assert.InRange(image.Count(), 9, 16));
        var (_, target) = dataset.At(0);
        Assert.InRange(target[..(256 * 256)].Sum(), 1, 256 * 256);
        Assert.InRange(target[(256 * 256)..].Sum(), 1, 256 * 256);
    }

    [SharedFact]
    public void Volumes_of_the_spine_are_cut_into_patches_though_their_size_is_no_multiple()
    {
        var config = Spine("_seg-manual");
        config.Transformation = [];
        config.DefaultModel.Is2D = false;
        (config.DefaultModel.Length3D, config.DefaultModel.Stride3D) = ([64, 64, 16], [48, 48, 16]);
        using var dataset = Load(SharedFolder.File("data", "spine-mri"), config);
        Assert.Equal((3 * 9, new GridSize(64, 64, 16)), (dataset.Count, dataset.Size));
        Assert.Equal((67, 77), dataset.Origins.Select(o => (o.Corner!.Value.H, o.Corner.Value.W)).Max());
    }

    private static SegConfig Spine(string target) => new()
    {
        LoaderParameters = { Multichannel = true, TargetSuffix = [target], ContrastParams = { TrainingValidation = ["T2w", "T1w", "T2star"] } },
        Transformation =
        [
            Transforms.TransformBuilder.Config("Resample", ("hspace", 0.75), ("wspace", 0.75)),
            Transforms.TransformBuilder.Config("CenterCrop", ("size", new[] { 128, 128 })),
            Transforms.TransformBuilder.Config("NormalizeInstance"),
        ],
    };

    private SampleDataset Load(string root, SegConfig config)
    {
        var dataset = BidsScanner.Scan(new DatasetRequest([root], [], config.LoaderParameters.TargetSuffix, []), SilentObserver.Instance, default);
        var everybody = new SegSplit("participant_id", 6, [.. dataset.Subjects.Select(s => s.Id)], [], []);
        return SampleDataset.Load(
            SourceSelector.Select(dataset, everybody, config, DatasetParts.Training, _observer.Warning), config, DatasetParts.Training, _observer, default);
    }
}
