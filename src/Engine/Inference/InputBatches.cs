using System.Buffers;
using MedSeg.Engine.Data;
using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Inference;

/// <summary>
/// Feeds the slices of a volume, the volume, or patches of them to a network a batch at a time. While the network runs, the next batch is prepared and
/// the last one is put back onto the volume's grid.
/// </summary>
internal sealed class InputBatches : IDisposable
{
    private readonly PreparedVolume _prepared;
    private readonly InputReader _reader;
    private readonly VolumeRestorer _restorer;
    private readonly int _batch;
    private readonly int _inputSize;
    private readonly int _outputSize;
    private readonly float[][] _input;
    private readonly float[][] _output;
    private Task _preparing;
    private Task _restoring = Task.CompletedTask;

    /// <param name="classes">K.</param>
    /// <param name="batch">Inputs per batch.</param>
    /// <param name="image">Path, for messages.</param>
    /// <exception cref="SegException"><c>SampleTooLarge</c>.</exception>
    public InputBatches(PreparedVolume prepared, int classes, int batch, string image)
    {
        (_prepared, _batch) = (prepared, batch);
        _reader = prepared.NewReader();
        _restorer = prepared.NewRestorer(classes);
        SampleLimit.Require(prepared.LoadedSize, classes, image);
        var plane = prepared.Size.Count;
        (_inputSize, _outputSize) = (prepared.Channels * plane, classes * plane);
        _input = [Rent(_inputSize), Rent(_inputSize)];
        _output = [Rent(_outputSize), Rent(_outputSize)];
        _preparing = Task.Run(() => Prepare(0));
    }

    /// <summary>Runs a network.</summary>
    /// <param name="input">(N,C,H,W), of volumes (N,C,H,W,D).</param>
    /// <param name="n">N.</param>
    /// <param name="output">(N,K,H,W) or (N,K,H,W,D), to be filled.</param>
    public delegate void Network(ReadOnlySpan<float> input, int n, Span<float> output);

    /// <summary>Number of batches.</summary>
    public int Count => (_prepared.Inputs + _batch - 1) / _batch;

    /// <summary>Runs batch b; batches must be run in order, each once.</summary>
    public void Run(int b, Network network)
    {
        var n = Size(b);
        _preparing.GetAwaiter().GetResult();
        if (b + 1 < Count)
            _preparing = Task.Run(() => Prepare(b + 1));
        network(_input[b % 2].AsSpan(0, n * _inputSize), n, _output[b % 2].AsSpan(0, n * _outputSize));
        _restoring.GetAwaiter().GetResult();
        _restoring = Task.Run(() => Restore(b));
    }

    /// <summary>The prediction with K channels on the grid of the volume, after the last batch.</summary>
    public Volume ToVolume()
    {
        _restoring.GetAwaiter().GetResult();
        return _restorer.ToVolume();
    }

    /// <summary>Waits for work that still uses the buffers, then gives them back.</summary>
    public void Dispose()
    {
        // What failed is thrown where its result is needed; here only the end matters.
        Task.WhenAll(_preparing, _restoring).ContinueWith(_ => { }, TaskScheduler.Default).Wait();
        foreach (var buffer in _input.Concat(_output))
            ArrayPool<float>.Shared.Return(buffer);
        _reader.Dispose();
        _restorer.Dispose();
    }

    private int Size(int b) => Math.Min(_batch, _prepared.Inputs - (b * _batch));

    private void Prepare(int b)
    {
        for (var i = 0; i < Size(b); i++)
            _reader.Copy((b * _batch) + i, _input[b % 2].AsSpan(i * _inputSize, _inputSize));
    }

    private void Restore(int b)
    {
        for (var i = 0; i < Size(b); i++)
            _restorer.Add((b * _batch) + i, _output[b % 2].AsSpan(i * _outputSize, _outputSize));
    }

    private float[] Rent(int size) => ArrayPool<float>.Shared.Rent(_batch * size);
}
