using MedSeg.Engine.Data;
using MedSeg.Engine.Data.Caching;
using MedSeg.Engine.Data.Loading;
using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Tests.Data;

/// <summary>Sample datasets without files.</summary>
internal static class MemoryDataset
{
    private static readonly SampleStore Store = new(new SampleStoreLimits(long.MaxValue, 0, Path.GetTempPath()));

    /// <summary>A dataset of one channel whose sources have the given samples.</summary>
    /// <param name="making">Called before a source's samples are given out.</param>
    public static SampleDataset Of(
        IReadOnlyList<SampleEntry[]> sources, int classes, IReadOnlyList<SegTransform>? atAccess = null, int[]? readingOrder = null,
        Action<int>? making = null) => new(
            new Supply(sources, new SampleRecipe(1, classes, false, atAccess ?? []), making), readingOrder ?? [.. Enumerable.Range(0, sources.Count)]);

    /// <summary>One slice of sub-1, planes of input first.</summary>
    public static SampleEntry Entry(int slice, float[] values, GridSize size, string subject = "sub-1") => new(
        new SampleUnit(Store.Add(values), TestSample(size), 1), new SampleOrigin(SampleSource.Of(FakeDataset.Image(subject, "T2w")), slice), size);

    private static SampleInfo TestSample(GridSize size) => new(size, (1, 1, 1), 1);

    private sealed class Supply(IReadOnlyList<SampleEntry[]> sources, SampleRecipe recipe, Action<int>? making) : ISampleSupply
    {
        public SampleRecipe Recipe => recipe;

        public SampleEntry[] Make(int source, CancellationToken ct)
        {
            making?.Invoke(source);
            return sources[source];
        }

        public void Report(int done)
        {
        }

        public SegException? Conclude(SampleEntry[][] samples) => null;

        public void Close()
        {
        }
    }
}
