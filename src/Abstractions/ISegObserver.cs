namespace MedSeg;

/// <summary>One progress record of a long command.</summary>
/// <param name="Id">Distinguishes nested bars: 0 is the outer one.</param>
/// <param name="Activity">What is being done, for example "Training spine".</param>
/// <param name="Status">Where it stands, for example "Epoch 3/60, loss −0.82".</param>
/// <param name="Percent">0 to 100, or −1 when unknown.</param>
/// <param name="SecondsRemaining">Estimated time left, or −1 when unknown.</param>
/// <param name="Completed">True for the last record of this bar.</param>
public sealed record SegProgress(int Id, string Activity, string Status, int Percent = -1, int SecondsRemaining = -1, bool Completed = false);

/// <summary>How the engine talks while it works. Implementations must accept calls from any thread.</summary>
public interface ISegObserver
{
    /// <summary>Shows progress; may be dropped.</summary>
    void Progress(SegProgress progress);

    /// <summary>Detail for <c>-Verbose</c>.</summary>
    void Verbose(string message);

    /// <summary>Something the user should know though the work goes on.</summary>
    void Warning(string message);

    /// <summary>One item failed and the rest goes on.</summary>
    void Error(SegException error);
}

/// <summary>An observer that ignores everything.</summary>
public sealed class SilentObserver : ISegObserver
{
    /// <summary>The one instance.</summary>
    public static SilentObserver Instance { get; } = new();

    public void Progress(SegProgress progress)
    {
    }

    public void Verbose(string message)
    {
    }

    public void Warning(string message)
    {
    }

    public void Error(SegException error)
    {
    }
}
