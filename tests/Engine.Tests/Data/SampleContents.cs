using MedSeg.Engine.Data.Loading;
using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Tests.Data;

/// <summary>What samples and batches hold, for comparison.</summary>
internal static class SampleContents
{
    /// <summary>Sample number <paramref name="index"/> as the network sees it.</summary>
    public static (float[] Input, float[] Target) At(this SampleDataset dataset, int index, long seed = 0)
    {
        var size = dataset.Entries[index].Size.Count;
        var (input, target) = (new float[dataset.Channels * size], new float[dataset.Classes * size]);
        dataset.Fill(dataset.Ids[index], new RandomStream(seed), input, target);
        return (input, target);
    }

    /// <summary>The bytes of every batch of an epoch.</summary>
    public static List<string> Batches(BatchLoader loader, int epoch, int firstBatch = 0)
    {
        var contents = new List<string>();
        foreach (var batch in loader.Epoch(epoch, firstBatch))
        {
            var place = string.Join(" ", batch.Origins.Select(o => o.ToString()));
            contents.Add($"{place} | {string.Join(' ', batch.Input)} | {string.Join(' ', batch.Target)}");
            batch.Release();
        }

        return contents;
    }
}
