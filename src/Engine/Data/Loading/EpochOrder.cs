using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Data.Sampling;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Data.Loading;

/// <summary>Which sample comes at which place of an epoch. Safe to use from several threads.</summary>
internal interface IEpochOrder
{
    /// <summary>The sample at a place, or null after the last; waits for images where they are needed.</summary>
    SampleId? At(int position, CancellationToken ct);

    /// <summary>A sample may come more than once.</summary>
    bool Repeats => false;
}

/// <summary>An order that is known as a whole.</summary>
internal sealed class FixedOrder(IReadOnlyList<SampleId> ids, ISampleOrder order, int epoch) : IEpochOrder
{
    private readonly int[] _indices = order.Epoch(epoch);

    public bool Repeats => order.Repeats;

    public SampleId? At(int position, CancellationToken ct) => position < _indices.Length ? ids[_indices[position]] : null;
}

/// <summary>
/// An order that can begin while images are still being read: the sources in the order of their reading, a group after the other, and the
/// samples of each group shuffled among themselves. It depends on the seed and the images alone, never on how fast they are read.
/// </summary>
internal sealed class StreamedOrder(SampleDataset dataset, int groupSize, Func<int, RandomStream>? shuffle) : IEpochOrder
{
    private readonly List<SampleId> _known = [];
    private readonly Lock _gate = new();
    private SampleEntry? _first;
    private int _group;

    public SampleId? At(int position, CancellationToken ct)
    {
        lock (_gate)
        {
            while (_known.Count <= position && _group * groupSize < dataset.ReadingOrder.Count)
            {
                AddGroup(ct);
                _group++;
            }

            if (_known.Count == 0)
                dataset.WaitAll(ct);
            return position < _known.Count ? _known[position] : null;
        }
    }

    private void AddGroup(CancellationToken ct)
    {
        var group = new List<SampleId>();
        foreach (var source in dataset.ReadingOrder.Skip(_group * groupSize).Take(groupSize))
        {
            var entries = dataset.Of(source, ct);
            for (var i = 0; i < entries.Count; i++)
            {
                _first ??= entries[i];
                if (entries[i].Size != _first.Size)
                    throw SampleLoading.SizesDiffer(_first, entries[i]);
                group.Add(new SampleId(source, i));
            }
        }

        var ids = group.ToArray();
        shuffle?.Invoke(_group).Shuffle<SampleId>(ids);
        _known.AddRange(ids);
    }
}
