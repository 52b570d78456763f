using MedSeg.Engine.Data.Caching;
using MedSeg.Engine.Data.Loading;
using MedSeg.Engine.Runtime;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Data.Samples;

/// <summary>
/// The samples of one part of a dataset: slices, volumes, or patches of them, after the filters and everything deterministic. Random
/// transforms run at each access. Images are read by threads of the dataset's own; who asks for samples waits for those images
/// only. Safe to use from several threads.
/// </summary>
public sealed class SampleDataset : IDisposable
{
    private const int MaximumWorkers = 8;

    /// <summary>Key of the stream that draws in which order images are read.</summary>
    private const long ReadingKey = -2;

    private readonly ISampleSupply _supply;
    private readonly SourceQueue _queue;
    private readonly SampleRecipe _recipe;
    private readonly Lazy<SegException?> _verdict;
    private readonly IDisposable? _ownStore;
    private readonly Lazy<SampleIndex> _index;

    /// <param name="supply">Makes the samples of each source.</param>
    /// <param name="readingOrder">Every index once.</param>
    /// <param name="ownStore">Disposed with the dataset.</param>
    /// <param name="after">Reading begins when this has ended.</param>
    internal SampleDataset(
        ISampleSupply supply, IReadOnlyList<int> readingOrder, IDisposable? ownStore = null, Task? after = null, CancellationToken ct = default)
    {
        (_supply, _recipe, _ownStore, ReadingOrder) = (supply, supply.Recipe, ownStore, readingOrder);
        _queue = new SourceQueue(readingOrder, supply.Make, supply.Report, Math.Min(Environment.ProcessorCount, MaximumWorkers), after, ct);
        _verdict = new Lazy<SegException?>(() => supply.Conclude(_queue.Whole.GetAwaiter().GetResult()));
        _index = new Lazy<SampleIndex>(() => new SampleIndex(_queue.Whole.GetAwaiter().GetResult()));
    }

    /// <summary>Number of samples; waits until all images are read.</summary>
    public int Count => _index.Value.Ids.Count;

    /// <summary>C.</summary>
    public int Channels => _recipe.Channels;

    /// <summary>K.</summary>
    public int Classes => _recipe.Classes;

    /// <summary>Samples are volumes or patches of them.</summary>
    public bool IsVolume => _recipe.IsVolume;

    /// <summary>H, W and D of every sample; waits until all images are read.</summary>
    public GridSize Size => _index.Value.Entries[0].Size;

    /// <summary>Where each sample comes from: images by path, slices and patches ascending. Waits until all images are read.</summary>
    public IReadOnlyList<SampleOrigin> Origins => _index.Value.Origins;

    /// <summary>All images have been read.</summary>
    public bool IsLoaded => _queue.Whole.IsCompletedSuccessfully;

    /// <summary>Ends when all images have been read, or when reading them has failed.</summary>
    public Task Loaded => _queue.Whole;

    /// <summary>One row of numbers per source for FiLM, or null.</summary>
    internal IReadOnlyList<float[]>? Metadata { get; init; }

    /// <summary>The sources in the order in which they are read.</summary>
    internal IReadOnlyList<int> ReadingOrder { get; }

    /// <summary>What is kept of each sample, in the order of <see cref="Ids"/>; waits until all images are read.</summary>
    internal IReadOnlyList<SampleEntry> Entries => _index.Value.Entries;

    /// <summary>Every sample, images by path; waits until all images are read.</summary>
    internal IReadOnlyList<SampleId> Ids => _index.Value.Ids;

    /// <summary>Reads images with their labels and waits for all of them.</summary>
    /// <param name="sources">An image that cannot be read is one error to the observer and is left out.</param>
    /// <param name="config">Target suffixes, slice axis, filters, patches and transforms.</param>
    /// <param name="part">training, validation or testing.</param>
    /// <param name="o">Told about bad images, missing classes and progress.</param>
    /// <param name="ct">Stops between images.</param>
    /// <exception cref="SegException">
    /// <c>NoImageLoaded</c>, <c>NoSampleLeft</c>, <c>SampleSizesDiffer</c>, <c>CacheFull</c>, or an error of the configuration.
    /// </exception>
    public static SampleDataset Load(
        IReadOnlyList<SampleSource> sources, SegConfig config, string part, ISegObserver o, CancellationToken ct, SampleDatasetOptions? options = null)
    {
        var dataset = Start(sources, config, part, o, ct, options);
        try
        {
            dataset.WaitAll(ct);
            return dataset;
        }
        catch
        {
            dataset.Dispose();
            throw;
        }
    }

    /// <summary>As <see cref="Load"/>, but returns at once; errors of the images reach who asks for samples.</summary>
    public static SampleDataset Start(
        IReadOnlyList<SampleSource> sources, SegConfig config, string part, ISegObserver o, CancellationToken ct, SampleDatasetOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(o);
        options ??= new SampleDatasetOptions();
        var own = options.Store is null ? new SampleStore(new SampleStoreLimits(long.MaxValue, 0, Path.GetTempPath())) : null;
        var supply = new SampleLoading(sources, config, DatasetParts.Check(part), options.Store ?? own!, options.Classifier, o);
        int[] order = options.OrderSeed is { } seed
            ? new RandomStream(seed, ReadingKey).Permutation(sources.Count)
            : [.. Enumerable.Range(0, sources.Count)];
        return new SampleDataset(supply, order, own, options.After, ct) { Metadata = options.Metadata };
    }

    /// <summary>Waits until all images are read.</summary>
    /// <exception cref="SegException">As <see cref="Load"/>.</exception>
    public void WaitAll(CancellationToken ct)
    {
        _queue.Whole.WaitAsync(ct).GetAwaiter().GetResult();
        if (_verdict.Value is { } error)
            throw error;
    }

    /// <summary>Throws what <see cref="WaitAll"/> would, if that is known already; waits for nothing.</summary>
    public void ThrowIfFailed()
    {
        if (_queue.Whole.IsCompleted)
            WaitAll(CancellationToken.None);
    }

    /// <summary>Stops reading. Samples that are kept on disk can no longer be read where the store is the dataset's own.</summary>
    public void Dispose()
    {
        _queue.Dispose();
        _supply.Close();
        _ownStore?.Dispose();
    }

    /// <summary>Samples so far, and the share of images they come from.</summary>
    internal (int Samples, int Images) CountSoFar()
    {
        var (samples, images) = (0, 0);
        foreach (var entries in _queue.Ready)
            (samples, images) = (samples + entries.Length, images + 1);
        return (samples, images);
    }

    /// <summary>The samples of one source; waits until it is read.</summary>
    internal IReadOnlyList<SampleEntry> Of(int source, CancellationToken ct) => _queue.Wait(source, ct);

    /// <summary>One sample; waits until its image is read.</summary>
    internal SampleEntry this[SampleId id] => _queue.Wait(id.Source, CancellationToken.None)[id.Index];

    /// <summary>Writes one sample, transformed.</summary>
    /// <param name="random">Source of the sample's random numbers.</param>
    /// <param name="input">C·H·W·D values.</param>
    /// <param name="target">K·H·W·D values.</param>
    internal void Fill(SampleId id, RandomStream random, Span<float> input, Span<float> target) => _recipe.Fill(this[id], random, input, target);

    /// <summary>The network is told which contrasts a sample has.</summary>
    internal bool TellsAvailable => _recipe.TellsAvailable;

    /// <summary>Says which contrasts a sample has after some have been hidden; see <see cref="SampleRecipe.Tell"/>.</summary>
    /// <param name="occurrence">A sample that comes again in one epoch may lack others.</param>
    internal void Tell(SampleId id, Span<float> input, Span<float> available, long seed, int epoch, int occurrence) =>
        _recipe.Tell(this[id], input, available, seed, epoch, id.Source, id.Index, occurrence);

    private sealed class SampleIndex
    {
        public SampleIndex(SampleEntry[][] sources)
        {
            Entries = [.. sources.SelectMany(entries => entries)];
            Ids = [.. sources.SelectMany((entries, source) => entries.Select((_, i) => new SampleId(source, i)))];
            Origins = [.. Entries.Select(entry => entry.Origin)];
        }

        public IReadOnlyList<SampleEntry> Entries { get; }

        public IReadOnlyList<SampleId> Ids { get; }

        public IReadOnlyList<SampleOrigin> Origins { get; }
    }
}
