using System.Text.Json;
using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Losses;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Tests.Networks;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Training;
using MedSeg.Engine.Transforms;
using Xunit;
using static TorchSharp.torch;

namespace MedSeg.Engine.Tests.Training;

/// <summary>Whole trainings of the reference, step by step, from documented weights without dropout.</summary>
[Collection(TorchGlobalState.Name)]
public class GoldenTrajectoryTests
{
    [SharedTheory]
    [InlineData("unet_dice")]
    [InlineData("unet_mc_softmax_focaltversky")]
    public void Losses_rates_and_final_weights_follow_the_reference(string name)
    {
        GoldenCase golden = Golden.Load("training").Of("Unet").Single(c => c.Name == name);
        double[] losses = Numbers(golden, "losses"), rates = Numbers(golden, "lrs");
        using Unet network = Create(golden);
        GoldenWeights.Fill(network);
        bool dice = name == "unet_dice";
        using var session = new TrainingSession(
            network,
            LossRegistry.Create(new ComponentConfig(golden.Parameters.GetProperty("loss").GetString()!)),
            dice ? new CosineAnnealing(rates[0], 0, losses.Length) : new Constant(rates[0]),
            new EarlyStopping(50, 0),
            new OneBatch(golden),
            null,
            new SessionSettings(0, losses.Length, CPU, 0.5));
        while (!session.Finished) session.RunEpoch(default);

        var history = session.Position.History;
        for (int i = 0; i < losses.Length; i++)
        {
            Assert.Equal(rates[i], history[i].LearningRate, 1e-12);
            Assert.Equal(losses[i], history[i].TrainingLoss, 2e-5);
        }

        RequireClose(golden.Out("params_final").Floats(), network.named_parameters().Select(p => (Tensor)p.parameter));
        RequireClose(golden.Out("buffers_final").Floats(), network.named_buffers().Where(b => b.buffer.is_floating_point()).Select(b => b.buffer));
    }

    private static void RequireClose(float[] expected, IEnumerable<Tensor> tensors)
    {
        float[] actual = [.. tensors.SelectMany(GoldenWeights.ToArray)];
        Assert.True(GoldenWeights.LargestDifference(expected, actual) <= 2e-4f, $"largest difference {GoldenWeights.LargestDifference(expected, actual)}");
    }

    private static Unet Create(GoldenCase golden)
    {
        int Get(string key, int otherwise) => golden.Parameters.TryGetProperty(key, out JsonElement value) ? value.GetInt32() : otherwise;
        bool softmax = golden.Parameters.TryGetProperty("final_activation", out _);
        return new Unet(new UnetOptions(
            Get("in_channel", 1), softmax ? Get("out_channel", 3) - 1 : 1, Get("depth", 2), Get("n_filters", 4), DropoutRate: 0,
            Activation: softmax ? FinalActivation.Softmax : FinalActivation.Sigmoid));
    }

    private static double[] Numbers(GoldenCase golden, string name) =>
        [.. golden.Json.GetProperty("out").GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];

    private sealed class OneBatch(GoldenCase golden) : IBatchSource
    {
        public int BatchesPerEpoch => 1;

        public IEnumerable<SampleBatch> Epoch(int epoch, int firstBatch, CancellationToken ct)
        {
            NpyArray x = golden.In("x"), target = golden.In("target");
            yield return new SampleBatch(x.Floats(), target.Floats(), x.Shape[0], x.Shape[1], target.Shape[1], new GridSize(x.Shape[2], x.Shape[3]));
        }
    }

    private sealed class Constant(double rate) : ILearningRateSchedule
    {
        public double At(int epoch, long step) => rate;
    }
}
