using MedSeg.Engine.Configuration;
using MedSeg.Engine.Losses;
using MedSeg.Engine.Tests.Networks;
using Xunit;
using static TorchSharp.torch;

namespace MedSeg.Engine.Tests.Losses;

/// <summary>What holds for losses whatever the images: symmetry, dimensions, extremes, and the variants that the reference lacks.</summary>
public class LossPropertyTests
{
    private static readonly float[] Checked = [1, 1, 0, 0], Wanted = [1, 0, 1, 1];

    /// <summary>Every loss with its defaults, and the variants.</summary>
    public static TheoryData<string, string, string> Variants
    {
        get
        {
            var data = new TheoryData<string, string, string>
            {
                { "GeneralizedDiceLoss", "background", "complement" },
                { "AdapWingLoss", "weight_mask", "dilation" },
                { "AdapWingLoss", "reduction", "mean" },
            };
            foreach (string name in LossRegistry.Specs.Select(s => s.Name)) data.Add(name, "", "");
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Order_of_samples_and_direction_of_axes_do_not_matter(string name, string key, string value)
    {
        using var scope = NewDisposeScope();
        ISegLoss loss = Create(name, key, value);
        foreach (long[] shape in new long[][] { [3, 2, 6, 5], [3, 2, 4, 5, 3] })
        {
            var (p, t) = Sample(shape);
            double expected = loss.Forward(p, t).item<float>();
            Assert.Equal(expected, loss.Forward(p.flip(0), t.flip(0)).item<float>(), 1e-5 * Math.Max(1, Math.Abs(expected)));
            Assert.Equal(expected, loss.Forward(p.flip(2, 3), t.flip(2, 3)).item<float>(), 1e-5 * Math.Max(1, Math.Abs(expected)));
            Assert.Equal(expected, loss.Forward(p.transpose(2, 3), t.transpose(2, 3)).item<float>(), 1e-5 * Math.Max(1, Math.Abs(expected)));
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_volume_of_one_slice_is_that_slice(string name, string key, string value)
    {
        using var scope = NewDisposeScope();
        ISegLoss loss = Create(name, key, value);
        var (p, t) = Sample([2, 2, 6, 5]);
        p.requires_grad_();
        Tensor plane = loss.Forward(p, t), volume = loss.Forward(p.unsqueeze(4), t.unsqueeze(4));
        Assert.Equal(plane.item<float>(), volume.item<float>(), 1e-5 * Math.Max(1, Math.Abs(plane.item<float>())));
        plane.backward();
        Tensor gradient = p.grad!.clone();
        p.grad!.zero_();
        volume.backward();
        Assert.True(gradient.allclose(p.grad!, 1e-5, 1e-6));
    }

    /// <summary>A class that nobody has, one that fills the image, and a perfect one, side by side; also from logits beyond float's exp.</summary>
    [Theory]
    [MemberData(nameof(Variants))]
    public void Gradients_stay_finite_down_to_the_logits(string name, string key, string value)
    {
        ISegLoss loss = Create(name, key, value);
        foreach (float size in new[] { 5f, 20f, 90f, 1e6f })
        {
            using var scope = NewDisposeScope();
            Tensor target = stack([zeros([2, 4, 4]), ones([2, 4, 4]), eye(4).expand(2, 4, 4)], 1);
            foreach (Tensor sign in new[] { (target * 2) - 1, 1 - (target * 2), ones_like(target), -ones_like(target) })
            {
                Tensor logits = (sign * size).requires_grad_();
                Tensor result = loss.Forward(logits.sigmoid(), target);
                result.backward();
                Assert.True(float.IsFinite(result.item<float>()), $"{name} {value} {size}");
                Assert.True(logits.grad!.isfinite().all().item<bool>(), $"gradient of {name} {value} {size}");
            }
        }
    }

    [Theory]
    [InlineData("DiceLoss")]
    [InlineData("MultiClassDiceLoss")]
    [InlineData("L2loss")]
    public void Prediction_and_target_can_change_places(string name)
    {
        using var scope = NewDisposeScope();
        var (p, t) = Sample([2, 2, 6, 5]);
        ISegLoss loss = LossTests.Default(name);
        Assert.Equal(loss.Forward(p, t).item<float>(), loss.Forward(t, p).item<float>(), 1e-5);
    }

    [Fact]
    public void Tversky_with_equal_halves_is_Dice_of_each_class()
    {
        using var scope = NewDisposeScope();
        var (p, t) = Sample([2, 3, 6, 5]);
        var tversky = LossRegistry.Create(new("TverskyLoss", new Dictionary<string, object?> { ["alpha"] = 0.5, ["beta"] = 0.5, ["smooth"] = 0.5 }));
        Assert.Equal(LossTests.Default("MultiClassDiceLoss").Forward(p, t).item<float>(), tversky.Forward(p, t).item<float>(), 1e-6);
    }

    [Fact]
    public void Focal_Tversky_with_gamma_one_is_one_plus_Tversky()
    {
        using var scope = NewDisposeScope();
        var (p, t) = Sample([2, 3, 6, 5]);
        var focal = LossRegistry.Create(new("FocalTverskyLoss", new Dictionary<string, object?> { ["gamma"] = 1L }));
        Assert.Equal(1 + LossTests.Default("TverskyLoss").Forward(p, t).item<float>(), focal.Forward(p, t).item<float>(), 1e-6);
    }

    [Theory]
    [InlineData("GeneralizedDiceLoss", "include_background", false, -0.8)]
    [InlineData("AdapWingLoss", "omega", 20.0, 41.4496)]
    public void Documented_figures_with_parameters(string name, string key, object value, double expected)
    {
        using var scope = NewDisposeScope();
        float[] p = name == "GeneralizedDiceLoss" ? [1, 0, 0, 1] : Checked;
        var loss = LossRegistry.Create(new(name, new Dictionary<string, object?> { [key] = value }));
        Assert.Equal(expected, loss.Forward(GoldenWeights.ToTensor(p, 1, 1, 2, 2), GoldenWeights.ToTensor(Wanted, 1, 1, 2, 2)).item<float>(), 5e-5);
    }

    /// <summary>D-75: the reference's background is 0 for every uncertain prediction; the complement is what the class leaves.</summary>
    [Theory]
    [InlineData("exact_zeros", -2 * 0.5 / (3 + (3.0 / 9)))]
    [InlineData("complement", -2 * (0.5 + (1.5 / 9)) / (3 + (5.0 / 9)))]
    public void Background_of_generalized_Dice(string background, double expected)
    {
        using var scope = NewDisposeScope();
        ISegLoss loss = Create("GeneralizedDiceLoss", "background", background);
        Assert.Equal(expected, loss.Forward(full([1, 1, 2, 2], 0.5f), GoldenWeights.ToTensor([1, 0, 0, 0], 1, 1, 2, 2)).item<float>(), 1e-6);
    }

    [Theory]
    [InlineData("exact_zeros", false)]
    [InlineData("complement", true)]
    public void Only_the_complement_pulls_down_a_class_that_is_not_there(string background, bool pulls)
    {
        using var scope = NewDisposeScope();
        Tensor p = full([1, 1, 4, 4], 0.5f).requires_grad_();
        Create("GeneralizedDiceLoss", "background", background).Forward(p, zeros([1, 1, 4, 4])).backward();
        Assert.Equal(pulls, (p.grad! > 0).all().item<bool>());
    }

    /// <summary>D-74: a mistake beside the target counts 1 + 10 times as much as one far from it.</summary>
    [Theory]
    [InlineData(0, 1, 11)]
    [InlineData(1, 1, 11)]
    [InlineData(0, 2, 1)]
    [InlineData(3, 3, 1)]
    public void Weights_of_the_dilated_mask(int row, int column, double factor)
    {
        foreach (long[] shape in new long[][] { [1, 1, 4, 4], [1, 1, 4, 4, 1] })
        {
            using var scope = NewDisposeScope();
            Tensor target = zeros([4, 4]);
            target[0, 0] = 1;
            Tensor prediction = target.clone();
            prediction[row, column] = 0.75f;
            double Loss(string mask) =>
                Create("AdapWingLoss", "weight_mask", mask).Forward(prediction.reshape(shape), target.reshape(shape)).item<float>();
            Assert.Equal(factor * Loss("none"), Loss("dilation"), 1e-4);
        }
    }

    [Fact]
    public void Mean_is_the_sum_over_the_number_of_voxels()
    {
        using var scope = NewDisposeScope();
        var (p, t) = Sample([2, 2, 6, 5]);
        Assert.Equal(
            Create("AdapWingLoss", "reduction", "sum").Forward(p, t).item<float>() / 120,
            Create("AdapWingLoss", "reduction", "mean").Forward(p, t).item<float>(), 1e-5);
    }

    [Fact]
    public void A_combination_is_the_sum_of_its_losses_with_their_parameters()
    {
        using var scope = NewDisposeScope();
        var (p, t) = Sample([2, 2, 6, 5]);
        ISegLoss combination = Read("""{"name": "LossCombination", "losses_list": ["FocalLoss", "DiceLoss"], "params_list": [{"gamma": 1}, null]}""");
        double focal = LossRegistry.Create(new("FocalLoss", new Dictionary<string, object?> { ["gamma"] = 1L })).Forward(p, t).item<float>();
        Assert.Equal(focal + LossTests.Default("DiceLoss").Forward(p, t).item<float>(), combination.Forward(p, t).item<float>(), 1e-5);
    }

    [Theory]
    [InlineData("""{"name": "LossCombination", "losses_list": ["FocalLoss"], "params_list": [{"gama": 1}]}""", "params_list[0].gama")]
    [InlineData("""{"name": "LossCombination", "losses_list": ["DiceLoss", "FocalLoss"], "params_list": [null, {"gamma": "x"}]}""", "params_list[1].gamma")]
    [InlineData("""{"name": "LossCombination", "losses_list": ["FocalLoss"], "params_list": [3]}""", "params_list[0]")]
    [InlineData("""{"name": "LossCombination", "losses_list": ["FocalLoss"], "params_list": 3}""", "params_list")]
    [InlineData("""{"name": "LossCombination", "losses_list": ["FocalLos"]}""", "losses_list")]
    [InlineData("""{"name": "LossCombination", "losses_list": ["LossCombination"]}""", "losses_list")]
    [InlineData("""{"name": "LossCombination", "losses_list": []}""", "losses_list")]
    [InlineData("""{"name": "LossCombination"}""", "losses_list")]
    public void Mistakes_in_a_combination_are_found_when_the_file_is_read(string loss, string key) =>
        Assert.Contains("training_parameters.loss." + key, Assert.Throws<SegException>(() => Read(loss)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_combination_with_a_wrong_number_of_parameters_is_refused() => Assert.Equal(
        "LossParameters",
        Assert.Throws<SegException>(() => Read("""{"name": "LossCombination", "losses_list": ["FocalLoss"], "params_list": [null, null]}""")).ErrorId);

    private static ISegLoss Read(string loss) => LossRegistry.Create(ConfigReader.Parse(
        $$$"""{"training_parameters": {"loss": {{{loss}}}}}""", "c.json", SegEngine.Catalog, w => Assert.Fail(w)).TrainingParameters.Loss);

    private static ISegLoss Create(string name, string key, string value) => key.Length == 0
        ? LossTests.Default(name)
        : LossRegistry.Create(new(name, new Dictionary<string, object?> { [key] = value }));

    private static (Tensor Prediction, Tensor Target) Sample(long[] shape)
    {
        using var generator = new Generator(3);
        return (rand(shape, generator: generator), (rand(shape, generator: generator) > 0.6).to(float32));
    }
}
