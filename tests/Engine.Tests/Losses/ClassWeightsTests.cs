using MedSeg.Engine.Losses;
using Xunit;
using static TorchSharp.torch;

namespace MedSeg.Engine.Tests.Losses;

public class ClassWeightsTests
{
    /// <summary>Losses in which each class has a cost of its own.</summary>
    private static readonly string[] PerClass =
        ["BinaryCrossEntropyLoss", "FocalLoss", "L2loss", "AdapWingLoss", "MultiClassDiceLoss", "TverskyLoss", "FocalTverskyLoss"];

    public static TheoryData<string> All => LossTests.Names;

    public static TheoryData<string> Separate => [.. PerClass];

    [Theory]
    [MemberData(nameof(All))]
    public void Weights_of_one_change_nothing(string name)
    {
        using var scope = NewDisposeScope();
        foreach (long[] shape in new long[][] { [3, 2, 6, 5], [3, 2, 4, 5, 3], [4, 2] })
        {
            var (plain, plainGradient) = Run(LossTests.Default(name), shape);
            var (weighted, gradient) = Run(Weighted(name, 7, 7), shape);
            Assert.Equal(plain.item<float>(), weighted.item<float>());
            Assert.True(plainGradient.Equals(gradient), "the gradients differ");
        }
    }

    [Theory]
    [MemberData(nameof(Separate))]
    public void Weights_scale_the_gradients_of_their_classes(string name)
    {
        using var scope = NewDisposeScope();
        Tensor plain = Run(LossTests.Default(name), [3, 2, 6, 5]).Gradient, weighted = Run(Weighted(name, 1, 3), [3, 2, 6, 5]).Gradient;
        Assert.True(weighted.select(1, 0).allclose(plain.select(1, 0) * 0.5, 1e-5, 1e-7));
        Assert.True(weighted.select(1, 1).allclose(plain.select(1, 1) * 1.5, 1e-5, 1e-7));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_class_of_weight_zero_has_no_gradient(string name)
    {
        using var scope = NewDisposeScope();
        Tensor gradient = Run(Weighted(name, 0, 1), [3, 2, 6, 5]).Gradient;
        Assert.True(gradient.select(1, 0).abs().max().item<float>() < 1e-6);
        Assert.True(gradient.select(1, 1).abs().max().item<float>() > 1e-6);
    }

    [Theory]
    [InlineData("DiceLoss")]
    [InlineData("FocalDiceLoss")]
    public void Sums_over_classes_weigh_each_of_their_terms(string name)
    {
        using var scope = NewDisposeScope();
        // A class that counts three times is as good as three classes of the same content.
        var (p, t) = Sample([2, 1, 6, 5]);
        Tensor q = p.square(), u = t.flip(2);
        double weighted = new DiceLoss(0, new ClassWeights([1, 3])).Forward(cat([p, q], 1), cat([t, u], 1)).item<float>();
        double repeated = new DiceLoss(0).Forward(cat([p, q, q, q], 1), cat([t, u, u, u], 1)).item<float>();
        Assert.Equal(repeated, weighted, 1e-6);
        Assert.NotEqual(LossTests.Default(name).Forward(cat([p, q], 1), cat([t, u], 1)).item<float>(), Weighted(name, 1, 3).Forward(cat([p, q], 1), cat([t, u], 1)).item<float>());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Their_number_is_that_of_the_classes(string name)
    {
        using var scope = NewDisposeScope();
        SegException error = Assert.Throws<SegException>(() => Run(Weighted(name, 1, 2, 3), [3, 2, 6, 5]));
        Assert.Equal("ClassWeightsCount", error.ErrorId);
        Assert.Contains("3 numbers for 2 classes", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 2)]
    [InlineData(double.NaN, 1)]
    public void Weights_are_numbers_from_zero_and_one_is_above_it(double first, double second) =>
        Assert.Equal("ClassWeightsInvalid", Assert.Throws<SegException>(() => new ClassWeights([first, second])).ErrorId);

    [Fact]
    public void Losses_of_others_may_take_none()
    {
        SegException error = Assert.Throws<SegException>(() => LossRegistry.Weighted(new Own(), new ClassWeights([1, 2])));
        Assert.Equal("LossTakesNoWeights", error.ErrorId);
    }

    private sealed class Own : ISegLoss
    {
        public string Name => "Own";

        public Tensor Forward(Tensor prediction, Tensor target) => prediction.mean();
    }

    private static ISegLoss Weighted(string name, params double[] weights) => LossRegistry.Weighted(LossTests.Default(name), new ClassWeights(weights));

    private static (Tensor Value, Tensor Gradient) Run(ISegLoss loss, long[] shape)
    {
        var (p, t) = Sample(shape);
        p.requires_grad_();
        Tensor value = loss.Forward(p, t);
        value.backward();
        return (value, p.grad!);
    }

    private static (Tensor Prediction, Tensor Target) Sample(long[] shape)
    {
        long count = shape.Aggregate(1L, (product, size) => product * size);
        Tensor index = arange(count, dtype: ScalarType.Float32).reshape(shape);
        return ((index * 0.7).sin() * 0.45 + 0.5, ((index * 0.31).cos() > 0.2).to(ScalarType.Float32));
    }
}
