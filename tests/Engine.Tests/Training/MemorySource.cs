using MedSeg.Engine.Data;
using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Runtime;
using MedSeg.Engine.Tests.Data;
using MedSeg.Engine.Training;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Tests.Training;

/// <summary>Small batches made from (epoch, batch) alone: bright discs on noise, the disc being the label.</summary>
internal sealed class MemorySource(int batches, int size = 16) : IBatchSource
{
    private const int Samples = 3;

    public int BatchesPerEpoch => batches;

    /// <summary>Changes a batch before it is given out.</summary>
    public Action<int, int, SampleBatch>? Poison { get; init; }

    public IEnumerable<SampleBatch> Epoch(int epoch, int firstBatch, CancellationToken ct)
    {
        for (int number = firstBatch; number < batches; number++)
        {
            ct.ThrowIfCancellationRequested();
            // The last batch is smaller, as in real epochs.
            SampleBatch batch = Make(epoch, number, number == batches - 1 ? Samples - 1 : Samples);
            Poison?.Invoke(epoch, number, batch);
            yield return batch;
        }
    }

    private SampleBatch Make(int epoch, int number, int samples)
    {
        var random = new RandomStream(7, epoch, number);
        float[] input = new float[samples * size * size], target = new float[samples * size * size];
        for (int n = 0; n < samples; n++)
        {
            double y0 = random.NextUniform(4, size - 4), x0 = random.NextUniform(4, size - 4), radius = random.NextUniform(2, 4);
            for (int i = 0; i < size * size; i++)
            {
                bool inside = Math.Pow((i / size) - y0, 2) + Math.Pow((i % size) - x0, 2) <= radius * radius;
                input[(n * size * size) + i] = (float)((inside ? 1 : 0) + random.Normal(0, 0.3));
                target[(n * size * size) + i] = inside ? 1 : 0;
            }
        }

        return new SampleBatch(input, target, samples, 1, 1, new GridSize(size, size))
        {
            Origins = [.. Enumerable.Range(0, samples).Select(n => new SampleOrigin(SampleSource.Of(FakeDataset.Image($"sub-{number:00}", "T2w")), n))],
        };
    }
}
