using MedSeg.Engine.Losses;
using MedSeg.Engine.Tests.Networks;
using MedSeg.Engine.Tests.Support;
using Xunit;
using static TorchSharp.torch;

namespace MedSeg.Engine.Tests.Losses;

public class LossTests
{
    public static TheoryData<string> Names => [.. LossRegistry.Specs.Select(s => s.Name)];

    /// <summary>The loss with its defaults; a combination of Dice and Focal loss.</summary>
    internal static ISegLoss Default(string name) => LossRegistry.Create(new ComponentConfig(
        name,
        name == "LossCombination" ? new Dictionary<string, object?> { ["losses_list"] = new object?[] { "DiceLoss", "FocalLoss" } } : null));

    [Theory]
    [InlineData("DiceLoss", new float[] { 0, 0, 0, 0 }, new float[] { 1, 0, 0, 1 }, -1.0 / 3)]
    [InlineData("DiceLoss", new float[] { 0, 0, 0, 0 }, new float[] { 0, 0, 0, 0 }, -1.0)]
    [InlineData("DiceLoss", new float[] { 1, 0, 0, 1 }, new float[] { 1, 0, 0, 1 }, -1.0)]
    [InlineData("DiceLoss", new float[] { .5f, .5f, 0, 0 }, new float[] { 1, 0, 0, 0 }, -2.0 / 3)]
    [InlineData("MultiClassDiceLoss", new float[] { 0, 0, 0, 0 }, new float[] { 1, 0, 0, 1 }, -1.0 / 3)]
    [InlineData("BinaryCrossEntropyLoss", new float[] { .5f, .5f, .5f, .5f }, new float[] { 1, 0, 0, 1 }, 0.69314718)]
    [InlineData("BinaryCrossEntropyLoss", new float[] { 0, 0, 0, 0 }, new float[] { 1, 0, 0, 0 }, 25.0)]
    [InlineData("BinaryCrossEntropyLoss", new float[] { 1, 0, 0, 0 }, new float[] { 1, 0, 0, 0 }, 0.0)]
    [InlineData("FocalLoss", new float[] { .5f, .5f, .5f, .5f }, new float[] { 1, 0, 0, 0 }, 0.25 * 0.69314718 * (0.25 + (3 * 0.75)))]
    // Figures that the documentation of the reference gives.
    [InlineData("TverskyLoss", new float[] { 0, 0, 0, 0 }, new float[] { 1, 0, 0, 1 }, -0.625)]
    [InlineData("TverskyLoss", new float[] { 1, 0, 0, 1 }, new float[] { 1, 0, 0, 1 }, -1.0)]
    [InlineData("FocalTverskyLoss", new float[] { 1, 0, 0, 1 }, new float[] { 1, 0, 0, 1 }, 0.0)]
    [InlineData("GeneralizedDiceLoss", new float[] { 1, 0, 0, 1 }, new float[] { 1, 0, 1, 1 }, -11.0 / 16)]
    [InlineData("L2loss", new float[] { 1, 1, 0, .5f }, new float[] { 1, 0, 1, 1 }, (1 + 1 + 0.25) / 2)]
    [InlineData("AdapWingLoss", new float[] { 1, 1, 0, 0 }, new float[] { 1, 0, 1, 1 }, 29.0147)]
    [InlineData("FocalDiceLoss", new float[] { 1, 1, 0, 0 }, new float[] { 1, 0, 1, 1 }, 3.6897)]
    public void Values_worked_out_by_hand(string name, float[] prediction, float[] target, double expected)
    {
        using var scope = NewDisposeScope();
        var loss = LossRegistry.Create(new ComponentConfig(name));
        var value = loss.Forward(GoldenWeights.ToTensor(prediction, 1, 1, 2, 2), GoldenWeights.ToTensor(target, 1, 1, 2, 2));
        Assert.Equal(expected, value.item<float>(), expected > 1 ? 5e-5 : 1e-6);
    }

    [Fact]
    public void Classes_are_averaged_and_can_be_chosen()
    {
        using var scope = NewDisposeScope();
        var p = GoldenWeights.ToTensor([1, 0, 0, 0, 0, 0, 0, 0], 1, 2, 2, 2);
        var t = GoldenWeights.ToTensor([1, 0, 0, 0, 1, 1, 0, 0], 1, 2, 2, 2);
        double Loss(Dictionary<string, object?>? parameters) =>
            LossRegistry.Create(new ComponentConfig("MultiClassDiceLoss", parameters)).Forward(p, t).item<float>();
        Assert.Equal(-(1 + (1.0 / 3)) / 2, Loss(null), 1e-6);
        Assert.Equal(-1.0 / 3, Loss(new() { ["classes_of_interest"] = new object?[] { 1L } }), 1e-6);
        Assert.Equal(
            "LossClassUnknown",
            Assert.Throws<SegException>(() => Loss(new() { ["classes_of_interest"] = new object?[] { 2L } })).ErrorId);
    }

    [Fact]
    public void Parameters_are_used()
    {
        using var scope = NewDisposeScope();
        var p = zeros([1, 1, 2, 2]);
        var t = GoldenWeights.ToTensor([1, 1, 0, 0], 1, 1, 2, 2);
        var dice = LossRegistry.Create(new ComponentConfig("DiceLoss", new Dictionary<string, object?> { ["smooth"] = 2.0 }));
        Assert.Equal(-0.5, dice.Forward(p, t).item<float>(), 1e-6);
        var half = full([1, 1, 2, 2], 0.5f);
        var focal = LossRegistry.Create(new ComponentConfig("FocalLoss", new Dictionary<string, object?> { ["gamma"] = 1L, ["alpha"] = 0.5 }));
        Assert.Equal(4 * 0.5 * 0.5 * Math.Log(2), focal.Forward(half, t).item<float>(), 1e-6);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Certain_wrong_and_empty_masks_stay_finite(string name)
    {
        var loss = Default(name);
        foreach (var p in new[] { 0f, 1f, 1e-38f, 1e-30f, 1e-7f, 1 - 6e-8f })
        {
            foreach (var t in new[] { 0f, 1f, 0.5f })
            {
                using var scope = NewDisposeScope();
                var prediction = full([2, 2, 3, 3], p).requires_grad_();
                RequireFinite(loss, prediction, full([2, 2, 3, 3], t), $"{name} p={p} t={t}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_right_answer_is_the_smallest_loss_and_the_gradient_leads_to_it(string name)
    {
        using var scope = NewDisposeScope();
        var loss = Default(name);
        manual_seed(1);
        var target = (rand([2, 2, 6, 5]) > 0.6).to(float32);
        var best = loss.Forward(target, target).item<float>();
        for (var i = 0; i < 20; i++)
        {
            var prediction = rand([2, 2, 6, 5]).requires_grad_();
            var value = loss.Forward(prediction, target);
            value.backward();
            Assert.True(value.item<float>() >= best);
            var towards = prediction.grad! * (target - prediction);
            Assert.True(towards.sum().item<float>() < 0, $"{name} does not fall towards the target");
            var (low, high) = Bounds(name);
            Assert.InRange(value.item<float>(), low, high);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Different_shapes_are_refused(string name)
    {
        using var scope = NewDisposeScope();
        var loss = Default(name);
        Assert.Equal(name, loss.Name);
        var error = Assert.Throws<SegException>(() => loss.Forward(zeros([1, 2, 2, 2]), zeros([1, 1, 2, 2])));
        Assert.Equal("LossShapeMismatch", error.ErrorId);
    }

    [Theory]
    [InlineData("", "LossUnknown")]
    [InlineData("diceloss", "LossUnknown")]
    public void Other_names_are_errors(string name, string errorId) =>
        Assert.Equal(errorId, Assert.Throws<SegException>(() => LossRegistry.Create(new ComponentConfig(name))).ErrorId);

    [Fact]
    public void Every_documented_loss_has_a_specification()
    {
        Assert.Equal(11, LossRegistry.Specs.Count);
        Assert.All(LossRegistry.Specs, s => Assert.True(s.Supported));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Written_down_values_and_gradients_of_the_reference_are_met(string name)
    {
        var cases = GoldenLosses.Cases.Where(c => c.Loss == name).ToList();
        Assert.True(cases.Count >= 2);
        foreach (var golden in cases)
        {
            using var scope = NewDisposeScope();
            var loss = LossRegistry.Create(new ComponentConfig(name, golden.Parameters));
            var prediction = GoldenWeights.ToTensor(golden.Batch.Prediction, golden.Batch.Shape).requires_grad_();
            var value = loss.Forward(prediction, GoldenWeights.ToTensor(golden.Batch.Target, golden.Batch.Shape));
            value.backward();
            Assert.Equal(golden.Value, value.item<float>(), 1e-5 * Math.Max(1, Math.Abs(golden.Value)));
            var gradient = GoldenWeights.ToArray(prediction.grad!);
            foreach (var (place, expected) in GoldenLosses.Places.Zip(golden.Gradient))
                Assert.Equal(expected, gradient[place], 1e-5 * Math.Max(0.1, Math.Abs(expected)));
        }
    }

    /// <summary>
    /// All values and gradients of the reference, for planes and volumes. Where its gradient is not finite (FocalTverskyLoss of a perfect
    /// prediction), ours must be.
    /// </summary>
    [SharedTheory]
    [MemberData(nameof(Names))]
    public void Values_and_gradients_equal_the_reference(string name)
    {
        var cases = Golden.Load("losses").Of(name).Where(c => c.Json.GetProperty("out").TryGetProperty("grad", out _)).ToList();
        Assert.True(cases.Count >= 8);
        foreach (var golden in cases)
        {
            using var scope = NewDisposeScope();
            var parameters = golden.Parameters.EnumerateObject().ToDictionary(p => p.Name, p => Value(p.Value));
            var loss = LossRegistry.Create(new ComponentConfig(name, parameters));
            var p = golden.In("pred");
            var shape = Array.ConvertAll(p.Shape, s => (long)s);
            var prediction = GoldenWeights.ToTensor(p.Floats(), shape).requires_grad_();
            var value = loss.Forward(prediction, GoldenWeights.ToTensor(golden.In("target").Floats(), shape));
            value.backward();
            var expected = golden.Number("value");
            Assert.Equal(expected, value.item<float>(), 1e-5 * Math.Max(1, Math.Abs(expected)));
            var (mine, theirs) = (GoldenWeights.ToArray(prediction.grad!), golden.Out("grad").Floats());
            for (var i = 0; i < mine.Length; i++)
            {
                if (float.IsFinite(theirs[i]))
                    Assert.Equal(theirs[i], mine[i], 1e-5f * Math.Max(1, Math.Abs(theirs[i])));
                else
                    Assert.True(float.IsFinite(mine[i]));
            }
        }
    }

    private static void RequireFinite(ISegLoss loss, Tensor prediction, Tensor target, string what)
    {
        var value = loss.Forward(prediction, target);
        value.backward();
        Assert.True(float.IsFinite(value.item<float>()), what);
        Assert.True(prediction.grad!.isfinite().all().item<bool>(), "gradient of " + what);
    }

    private static (float Low, float High) Bounds(string name) => name switch
    {
        "FocalDiceLoss" or "LossCombination" => (float.MinValue, float.MaxValue),
        "FocalTverskyLoss" => (0, 1),
        "TverskyLoss" or "DiceLoss" or "MultiClassDiceLoss" or "GeneralizedDiceLoss" => (-1, 0),
        _ => (0, float.MaxValue),
    };

    private static object? Value(System.Text.Json.JsonElement json) => json.ValueKind switch
    {
        System.Text.Json.JsonValueKind.Number => json.GetDouble(),
        System.Text.Json.JsonValueKind.String => json.GetString(),
        System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => json.GetBoolean(),
        System.Text.Json.JsonValueKind.Array => json.EnumerateArray().Select(Value).ToArray(),
        System.Text.Json.JsonValueKind.Object => json.EnumerateObject().ToDictionary(p => p.Name, p => Value(p.Value)),
        _ => null,
    };
}
