using System.Collections.Concurrent;

namespace MedSeg.Engine.Tests.Training;

/// <summary>Keeps what the engine says.</summary>
internal sealed class RecordingObserver : ISegObserver
{
    public ConcurrentQueue<SegProgress> Shown { get; } = new();

    public ConcurrentQueue<string> Warnings { get; } = new();

    public void Progress(SegProgress progress) => Shown.Enqueue(progress);

    public void Verbose(string message)
    {
    }

    public void Warning(string message) => Warnings.Enqueue(message);

    public void Error(SegException error) => Warnings.Enqueue(error.Message);
}
