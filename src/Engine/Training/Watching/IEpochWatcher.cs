using MedSeg.Engine.Data.Samples;
using static TorchSharp.torch;

namespace MedSeg.Engine.Training.Watching;

/// <summary>Looks on while a session trains. It is shown what evaluation mode gives, and can change nothing.</summary>
internal interface IEpochWatcher
{
    /// <summary>
    /// Whether to show the first training batch when its epoch has been trained. A forward pass after the epoch, rather than a look at the
    /// step, since a run that goes on within the epoch does not see that step again.
    /// </summary>
    bool WantsTraining(int epoch);

    /// <summary>The first training batch of an epoch.</summary>
    /// <param name="prediction">Of this batch; stays the session's.</param>
    void Trained(SampleBatch batch, Tensor prediction);

    /// <summary>A validation batch.</summary>
    /// <param name="number">Of the batch in its epoch, from 0.</param>
    /// <param name="prediction">Of this batch; stays the session's.</param>
    void Validated(int number, SampleBatch batch, Tensor prediction);
}
