using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Losses;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Training;
using MedSeg.Engine.Transforms;
using TorchSharp;
using Xunit;

namespace MedSeg.Engine.Tests.Training;

/// <summary>Hundreds of steps of every kind of training leave as many tensors alive as there were.</summary>
[Collection(TorchGlobalState.Name)]
public class LiveTensorTests
{
    private const int Steps = 300;

    [Theory]
    [InlineData("2D")]
    [InlineData("3D")]
    [InlineData("Modified3DUNet")]
    [InlineData("FiLM")]
    [InlineData("HeMIS")]
    [InlineData("bfloat16")]
    [InlineData("float16")]
    [InlineData("everything")]
    public void Steps_leave_no_tensors_behind(string kind)
    {
        using SegNetwork network = Create(kind);
        var settings = new SessionSettings(1, 2, torch.CPU, 0.5, kind == "everything" ? new(ClipNorm: 1, Accumulate: 2, AverageDecay: 0.9) : null)
        {
            Precision = kind switch
            {
                "bfloat16" or "everything" => torch.ScalarType.BFloat16,
                "float16" => torch.ScalarType.Float16,
                _ => torch.ScalarType.Float32,
            },
        };
        long first = 0, last = 0;
        using var session = new TrainingSession(
            network, LossRegistry.Create(new ComponentConfig("DiceLoss")), new CosineAnnealing(0.001, 0, 2), new EarlyStopping(5, 0),
            new SmallBatches(network, Steps + 10), null, settings)
        {
            BatchDone = (position, _) =>
            {
                if (position.NextBatch == 10) first = Alive();
                if (position.NextBatch == Steps + 10) last = Alive();
            },
        };
        session.RunEpoch(default);
        Assert.True(first > 0 && last <= first, $"{last - first} tensors more after {Steps} steps");
    }

    private static long Alive()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }

    private static SegNetwork Create(string kind)
    {
        var options = new UnetOptions(1, 1, Depth: 1, Filters: 2);
        return kind switch
        {
            "3D" => new Unet(options with { Dimensions = 3 }),
            "Modified3DUNet" => new Modified3DUnet(new Modified3DUnetOptions(1, 1, Filters: 1)),
            "FiLM" => new Unet(options with { Film = new FilmOptions(2, [true, true, true, true]) }),
            "HeMIS" => new HemisUnet(["T1w", "T2w"], options with { InChannels = 2 }),
            _ => new Unet(options),
        };
    }

    private sealed class SmallBatches(SegNetwork network, int batches) : IBatchSource
    {
        private const int Samples = 2;

        public int BatchesPerEpoch => batches;

        public IEnumerable<SampleBatch> Epoch(int epoch, int firstBatch, CancellationToken ct)
        {
            bool volumes = network.Dimensions == 3;
            int side = network.SizeMultiple > 1 ? 32 : 8, area = volumes ? side * side * side : side * side;
            float[] input = [.. Enumerable.Range(0, Samples * network.InChannels * area).Select(i => MathF.Sin(0.37f * i))];
            float[] target = [.. input.Take(Samples * area).Select(v => v > 0.5f ? 1f : 0f)];
            for (int i = firstBatch; i < batches; i++)
            {
                yield return new SampleBatch(input, target, Samples, network.InChannels, 1, volumes ? new GridSize(side, side, side) : new GridSize(side, side), volumes)
                {
                    Metadata = network.Inputs.Any(n => n.Name == NetworkInput.Metadata) ? [1, 0, 0, 1] : null,
                    MetadataWidth = 2,
                    Available = network.Inputs.Any(n => n.Name == NetworkInput.Available) ? [1, 1, 1, 0] : null,
                };
            }
        }
    }
}
