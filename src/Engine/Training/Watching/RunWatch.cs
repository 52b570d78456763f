using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Reporting;
using static TorchSharp.torch;

namespace MedSeg.Engine.Training.Watching;

/// <summary>What a run shows of its epochs: scalars always, films and pictures where they are asked for.</summary>
internal sealed class RunWatch : IEpochWatcher
{
    private readonly SliceFilms? _films;
    private readonly DebugPictures? _pictures;

    /// <param name="films">How many validation slices to film; 0 for none.</param>
    /// <param name="warn">Told when films cannot be written.</param>
    public RunWatch(SegConfig config, RunFolder run, int films, long seed, Action<string> warn)
    {
        SliceAxis axis = SliceLayout.Parse(config.LoaderParameters.SliceAxis);
        int epochs = config.TrainingParameters.TrainingTime.NumEpochs;
        _films = films > 0 ? new SliceFilms(run.Films, films, seed, epochs, axis, warn) : null;
        _pictures = config.Debugging ? new DebugPictures(epochs, axis) : null;
    }

    public bool WantsTraining(int epoch) => _pictures?.Shows(epoch) == true;

    public void Trained(SampleBatch batch, Tensor prediction) => _pictures?.See("Train", batch, prediction);

    public void Validated(int number, SampleBatch batch, Tensor prediction)
    {
        if (number == 0) _pictures?.See("Validation", batch, prediction);
        _films?.See(batch, prediction);
    }

    /// <summary>
    /// Writes down an epoch. To be called before its checkpoint is saved: a process killed in between runs the epoch again and replaces what
    /// this wrote, so that nothing is missing or doubled.
    /// </summary>
    public void End(SegEpoch epoch, TensorBoardWriter events)
    {
        EpochEvents.Write(events, epoch);
        if (_pictures?.Shows(epoch.Epoch) == true) _pictures.Write(events, epoch.Epoch);
        _films?.End(epoch.Epoch);
    }
}
