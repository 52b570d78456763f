using MedSeg.Engine.Transforms;
using Xunit;
using static MedSeg.Engine.Tests.Transforms.TransformBuilder;

namespace MedSeg.Engine.Tests.Transforms;

public class TransformPipelineTests
{
    private static SegConfig AffineBeforeCrop => new()
    {
        Transformation =
        [
            Config("RandomAffine", ("degrees", 5L)),
            Config("CenterCrop", ("size", new[] { 4, 4 })),
            Config("NormalizeInstance"),
            Config("Resample", ("hspace", 1.0), ("wspace", 1.0)),
        ],
    };

    [Fact]
    public void Load_time_transforms_come_first_in_their_own_order()
    {
        var pipeline = TransformPipeline.Create(AffineBeforeCrop, DatasetParts.Training);
        Assert.Equal(["CenterCrop", "Resample"], pipeline.AtLoad.Select(t => t.Name));
        Assert.Equal(["RandomAffine", "NormalizeInstance"], pipeline.AtAccess.Select(t => t.Name));
    }

    [Fact]
    public void Testing_has_no_random_transform() =>
        Assert.Equal(["NormalizeInstance"], TransformPipeline.Create(AffineBeforeCrop, DatasetParts.Testing).AtAccess.Select(t => t.Name));

    [Fact]
    public void Dataset_type_decides_where_a_transform_is_used()
    {
        var config = AffineBeforeCrop;
        config.Transformation[2].DatasetType = [DatasetParts.Training];
        Assert.DoesNotContain(TransformPipeline.Create(config, DatasetParts.Validation).AtAccess, t => t.Name == "NormalizeInstance");
        Assert.Contains(TransformPipeline.Create(config, DatasetParts.Training).AtAccess, t => t.Name == "NormalizeInstance");
    }

    [Fact]
    public void Undo_runs_in_reverse_of_what_was_applied()
    {
        // 6×6 → crop to 4×4 → resample to 8×8. Undoing the crop first would miss the grid.
        var config = new SegConfig
        {
            Transformation = [Config("CenterCrop", ("size", new[] { 4, 4 })), Config("Resample", ("hspace", 0.5), ("wspace", 0.5))],
        };
        var drawn = TransformPipeline.Draw(TransformPipeline.Create(config, DatasetParts.Testing).AtLoad, Sample(new GridSize(6, 6)), null);
        Assert.Equal(new GridSize(8, 8), drawn.Output.Size);
        var back = new float[36];
        drawn.Undo(Enumerable.Repeat(1f, 64).ToArray(), back);
        for (var i = 0; i < 36; i++)
            Assert.Equal(i / 6 is >= 1 and <= 4 && i % 6 is >= 1 and <= 4 ? 1 : 0, back[i], 5);
    }

    [Fact]
    public void Applied_to_is_honoured_and_intensity_transforms_leave_labels_alone_by_default()
    {
        var config = new SegConfig { Transformation = [Config("NormalizeInstance")] };
        Assert.Equal([1, 2], Access(config, [1, 2], SampleKinds.Label));
        Assert.Equal([-1, 1], Access(config, [1, 2], SampleKinds.Image));
        config.Transformation[0].AppliedTo = ["gt"];
        Assert.Equal([-1, 1], Access(config, [1, 2], SampleKinds.Label));
        Assert.Equal([1, 2], Access(config, [1, 2], SampleKinds.Image));
    }

    [Fact]
    public void Moving_image_but_not_label_is_refused()
    {
        var config = Config("RandomReverse");
        config.AppliedTo = ["im"];
        Assert.Equal("transformation.RandomReverse.applied_to", Assert.Throws<SegException>(() => TransformRegistry.Create(config)).TargetItem);
    }

    [Fact]
    public void An_unknown_transform_is_named()
    {
        var error = Assert.Throws<SegException>(() => Create("Blur"));
        Assert.Equal(("UnknownTransform", "transformation.Blur"), (error.ErrorId, error.TargetItem));
    }

    [Fact]
    public void A_flat_sample_only_loses_its_mean() =>
        Assert.Equal([0, 0, 0], Create("NormalizeInstance").Draw(Sample(new GridSize(1, 3)), null).Apply([7, 7, 7]));

    private static float[] Access(SegConfig config, float[] source, SampleKinds kind)
    {
        var stage = TransformPipeline.Create(config, DatasetParts.Testing).AtAccess;
        var result = new float[source.Length];
        TransformPipeline.Draw(stage, Sample(new GridSize(1, source.Length)), null).Apply(source, result, kind);
        return result;
    }
}
