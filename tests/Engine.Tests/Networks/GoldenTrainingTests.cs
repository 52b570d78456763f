using MedSeg.Engine.Losses;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Onnx;
using MedSeg.Engine.Tests.Onnx;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Training;
using Xunit;
using static TorchSharp.torch;

namespace MedSeg.Engine.Tests.Networks;

/// <summary>Against the reference while it trains, and with weights that the reference has trained.</summary>
public class GoldenTrainingTests
{
    /// <summary>
    /// With weights in the usual order the figures agree to rounding. Channels last, batch statistics are summed in single
    /// precision, so that the first output moves by some 1e-5 and the steps after it accordingly.
    /// </summary>
    [SharedTheory]
    [InlineData(false, 1e-5f, 1e-4)]
    [InlineData(true, 1e-4f, 2e-3)]
    public void Ten_training_steps_follow_the_reference(bool channelsLast, float tolerance, double lossTolerance)
    {
        using var scope = NewDisposeScope();
        var golden = Golden.Load("training").Cases.Single(c => c.Name == "unet_dice");
        using var network = new Unet(new UnetOptions(1, 1, 2, 4, DropoutRate: 0));
        GoldenWeights.Fill(network);
        if (!channelsLast)
            UseUsualOrder(network);
        network.train();
        using var adam = new AdamOptimizer(network.named_parameters().Select(p => (p.name, (Tensor)p.parameter)));
        var loss = LossRegistry.Create(new ComponentConfig("DiceLoss"));
        var (x, target) = (Load(golden.In("x")), Load(golden.In("target")));
        var (losses, rates) = (Numbers(golden, "losses"), Numbers(golden, "lrs"));
        for (var step = 0; step < losses.Length; step++)
        {
            adam.ZeroGradients();
            var output = network.call(x);
            var value = loss.Forward(output, target);
            value.backward();
            Assert.Equal(losses[step], value.item<float>(), lossTolerance);
            if (step == 0)
            {
                Near(golden.Out("train_out_step1"), GoldenWeights.ToArray(output), tolerance);
                Near(golden.Out("grads_step1"), [.. network.parameters().SelectMany(p => GoldenWeights.ToArray(p.grad!))], 1e-5f);
                Near(golden.Out("buffers_after_step1"), Buffers(network), 1e-5f);
            }

            adam.Step(rates[step]);
        }

        Near(golden.Out("buffers_final"), Buffers(network), 100 * tolerance);
        network.eval();
        using var guard = no_grad();
        Near(golden.Out("eval_out_final"), GoldenWeights.ToArray(network.call(x)), 200 * tolerance);
    }

    /// <summary>
    /// Gradients of weights in front of an instance normalisation are rounding noise, which Adam turns into whole steps: the
    /// reference's own losses agree to 1e-3 between two libraries of linear algebra.
    /// </summary>
    [SharedFact]
    public void Five_training_steps_of_the_modified_3D_unet_follow_the_reference()
    {
        using var scope = NewDisposeScope();
        var golden = Golden.Load("training").Cases.Single(c => c.Name == "m3d_dice");
        using var network = new Modified3DUnet(new Modified3DUnetOptions(1, 1, 2, DropoutRate: 0));
        GoldenWeights.Fill(network);
        network.train();
        using var adam = new AdamOptimizer(network.named_parameters().Select(p => (p.name, (Tensor)p.parameter)));
        var loss = LossRegistry.Create(new ComponentConfig("DiceLoss"));
        var (x, target) = (Load(golden.In("x")), Load(golden.In("target")));
        var (losses, rates) = (Numbers(golden, "losses"), Numbers(golden, "lrs"));
        for (var step = 0; step < losses.Length; step++)
        {
            adam.ZeroGradients();
            var output = network.call(x);
            var value = loss.Forward(output, target);
            value.backward();
            Assert.Equal(losses[step], value.item<float>(), step == 0 ? 1e-5 : 1e-3);
            if (step == 0)
            {
                Near(golden.Out("train_out_step1"), GoldenWeights.ToArray(output), 1e-4f);
                Near(golden.Out("grads_step1"), [.. network.parameters().SelectMany(p => GoldenWeights.ToArray(p.grad!))], 1e-5f);
            }

            adam.Step(rates[step]);
        }
    }

    [SharedFact]
    public void Trained_weights_of_the_reference_give_its_output_in_both_back_ends()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var golden = Golden.Load("e2e_unet2d_learn").Cases[0];
        var weights = new Npz(SharedFolder.File("golden", "e2e_unet2d_learn_weights.npz"));
        using var network = new Unet(new UnetOptions(1, 1, 3, 16));
        foreach (var (name, value) in Safetensors.StateOf(network).Where(s => !s.Name.EndsWith("num_batches_tracked", StringComparison.Ordinal)))
            value.copy_(Load(weights[name]));
        network.eval();
        var input = golden.Out("network_input");
        Near(golden.Out("network_output"), GoldenWeights.ToArray(network.call(Load(input))), 1e-4f);
        using var session = new OnnxSession(OnnxParityTests.Export(network));
        var output = new float[input.Count];
        session.Run(input.Floats(), input.Shape[0], 1, input.Shape[2], input.Shape[3], output);
        Near(golden.Out("network_output"), output, 1e-4f);
    }

    private static void UseUsualOrder(Unet network)
    {
        using var guard = no_grad();
        foreach (var parameter in network.parameters())
            parameter.set_(parameter.contiguous());
    }

    private static Tensor Load(NpyArray array) => GoldenWeights.ToTensor(array.Floats(), Array.ConvertAll(array.Shape, s => (long)s));

    private static double[] Numbers(GoldenCase golden, string name) =>
        [.. golden.Json.GetProperty("out").GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];

    private static float[] Buffers(Unet network) =>
        [.. network.named_buffers().Where(b => b.name.Contains("running", StringComparison.Ordinal)).SelectMany(b => GoldenWeights.ToArray(b.buffer))];

    private static void Near(NpyArray expected, float[] actual, float tolerance) =>
        Assert.InRange(GoldenWeights.LargestDifference(expected.Floats(), actual), 0, tolerance);
}
