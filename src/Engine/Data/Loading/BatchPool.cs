using System.Collections.Concurrent;
using MedSeg.Engine.Data.Samples;

namespace MedSeg.Engine.Data.Loading;

/// <summary>Keeps the arrays of released batches, by their exact length (an epoch has at most two lengths of each kind).</summary>
internal sealed class BatchPool
{
    private readonly ConcurrentDictionary<int, ConcurrentBag<float[]>> _free = new();

    public int Count => _free.Values.Sum(bag => bag.Count);

    public float[] Rent(int length) =>
        _free.TryGetValue(length, out var bag) && bag.TryTake(out var array) ? array : GC.AllocateUninitializedArray<float>(length);

    public void Return(SampleBatch batch)
    {
        Return(batch.Input);
        Return(batch.Target);
    }

    public void Clear() => _free.Clear();

    private void Return(float[] array) => _free.GetOrAdd(array.Length, _ => []).Add(array);
}
