using System.Diagnostics;

namespace MedSeg.Engine.Inference;

/// <summary>Progress over all images, counted in slices of the current one.</summary>
internal sealed class PredictionProgress(string model, int images, ISegObserver observer)
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private string _status = "";
    private int _current;

    public void Start(int index, string image)
    {
        _current = index;
        _status = $"{index + 1} of {images}: {image}";
        Report(index);
    }

    public void Slices(int done, int all) => Report(_current + ((double)done / all));

    public void Complete() => observer.Progress(new SegProgress(0, Activity, "Done", 100, 0, Completed: true));

    private string Activity => $"Predicting with {model}";

    private void Report(double done)
    {
        var left = done > 0 ? _watch.Elapsed.TotalSeconds / done * (images - done) : -1;
        observer.Progress(new SegProgress(0, Activity, _status, (int)(100 * done / images), (int)Math.Ceiling(left)));
    }
}
