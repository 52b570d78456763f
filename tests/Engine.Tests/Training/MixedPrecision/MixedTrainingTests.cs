using MedSeg.Engine.Losses;
using MedSeg.Engine.Training;
using MedSeg.Engine.Training.MixedPrecision;
using TorchSharp;
using Xunit;

namespace MedSeg.Engine.Tests.Training.MixedPrecision;

/// <summary>Sessions take either type on any processor, slowly where it lacks it: only trainings are refused.</summary>
[Collection(TorchGlobalState.Name)]
public class MixedTrainingTests
{
    [Fact]
    public void Training_in_bfloat16_learns_as_in_float32()
    {
        SegEpoch Last(torch.ScalarType precision)
        {
            using var fixture = new SessionFixture(new MemorySource(25), rate: 0.02, precision: precision);
            fixture.Run();
            return fixture.Session.Position.History[^1];
        }

        SegEpoch exact = Last(torch.ScalarType.Float32), mixed = Last(torch.ScalarType.BFloat16);
        Assert.True(exact.ValidationDice > 0.85, $"{exact.ValidationDice}");
        Assert.InRange(mixed.ValidationDice!.Value, exact.ValidationDice!.Value - 0.05, 1);
        Assert.NotEqual(exact.TrainingLoss, mixed.TrainingLoss);
    }

    [Fact]
    public void Weights_moments_and_gradients_stay_float32()
    {
        using var fixture = new SessionFixture(precision: torch.ScalarType.BFloat16);
        fixture.Session.RunEpoch(default);
        Assert.All(fixture.Session.Tensors().Where(t => t.Value.is_floating_point()), t => Assert.Equal(torch.ScalarType.Float32, t.Value.dtype));
        Assert.All(fixture.Network.parameters(), p => Assert.Equal(torch.ScalarType.Float32, p.grad!.dtype));
    }

    [Fact]
    public void Validation_is_float32_whatever_trains()
    {
        double? Loss(torch.ScalarType precision)
        {
            using var fixture = new SessionFixture(rate: 1e-30, precision: precision, training: new MemorySource(0));
            fixture.Network.eval();
            return new ValidationPass(fixture.Network, LossRegistry.Create(new ComponentConfig("DiceLoss")), new MemorySource(2),
                new SessionSettings(5, 1, torch.CPU, 0.5) { Precision = precision }).Run(1, null, default).Loss;
        }

        Assert.Equal(Loss(torch.ScalarType.Float32), Loss(torch.ScalarType.Float16));
    }

    [Fact]
    public void The_scale_of_losses_is_part_of_the_position_in_float16_only()
    {
        using var half = new SessionFixture(precision: torch.ScalarType.Float16);
        using var brain = new SessionFixture(precision: torch.ScalarType.BFloat16);
        half.Session.RunEpoch(default);
        brain.Session.RunEpoch(default);
        Assert.Null(brain.Session.Position.LossScale);
        LossScale scale = half.Session.Position.LossScale!.Value;
        Assert.True(scale.GoodSteps > 0 || scale.Factor < LossScale.First.Factor, $"{scale}");
    }

    /// <summary>A scale that no gradient survives: batches are left out until it is low enough, and the steps are those of the others.</summary>
    [Fact]
    public void Batches_whose_gradients_overflow_are_left_out()
    {
        var scales = new List<(double Factor, long Steps)>();
        using var fixture = new SessionFixture(
            new MemorySource(60), precision: torch.ScalarType.Float16, batchDone: (position, _) => scales.Add((position.LossScale!.Value.Factor, position.Steps)));
        Restart(fixture, new LossScale(Math.Pow(2, 40), 0));
        fixture.Session.RunEpoch(default);
        int skipped = scales.Count(s => s.Steps == 0);
        Assert.InRange(skipped, 5, 40);
        Assert.Equal(Math.Pow(2, 40 - skipped), scales[skipped].Factor);
        Assert.Equal(60 - (int)Math.Round(40 - Math.Log2(scales[^1].Factor)), scales[^1].Steps);
    }

    [Fact]
    public void Gradients_that_overflow_at_any_scale_stop_the_training_with_the_images_named()
    {
        using var fixture = new SessionFixture();
        var step = new TrainingStep(fixture.Network, new Steep(), new SessionSettings(5, 1, torch.CPU, 0.5) { Precision = torch.ScalarType.Float16 })
        {
            Scale = new LossScale(2, 7),
        };
        Assert.False(step.Run(new MemorySource(2).Epoch(1, 0, default).First(), 1, 0).Usable);
        Assert.Equal(new LossScale(LossScale.Smallest, 0), step.Scale);
        var error = Assert.Throws<SegException>(() => step.Run(new MemorySource(2).Epoch(1, 0, default).First(), 1, 0));
        Assert.Equal("LossNotFinite", error.ErrorId);
        Assert.Contains("too large for float16 in epoch 1, batch 1, with sub-00/", error.Message, StringComparison.Ordinal);
    }

    /// <summary>0, with infinite slope.</summary>
    private sealed class Steep : ISegLoss
    {
        public string Name => nameof(Steep);

        public torch.Tensor Forward(torch.Tensor prediction, torch.Tensor target) => (prediction - prediction.detach()).sqrt().sum();
    }

    private static void Restart(SessionFixture fixture, LossScale scale) => fixture.Session.Restore(
        fixture.Session.Position with { LossScale = scale }, fixture.Session.Tensors().ToDictionary(t => t.Name, t => t.Value));
}
