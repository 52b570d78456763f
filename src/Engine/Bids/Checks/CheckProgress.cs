using System.Globalization;

namespace MedSeg.Engine.Bids.Checks;

/// <summary>
/// Says how far the files of one dataset are and how long the rest will take: by their bytes when voxels are read, else by their number.
/// </summary>
/// <param name="observer">Hears it, not more often than a few times a second.</param>
/// <param name="files">What there is to do.</param>
/// <param name="deep">Voxels are read.</param>
/// <param name="clock">Tells the time that has passed.</param>
internal sealed class CheckProgress(ISegObserver observer, IReadOnlyList<CheckedFile> files, bool deep, TimeProvider clock)
{
    private const string Activity = "Checking dataset";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly double _total = files.Sum(f => WorkOf(f, deep));
    private readonly long _start = clock.GetTimestamp();
    private TimeSpan _next = TimeSpan.Zero;
    private double _done;
    private int _files;

    /// <summary>One file more.</summary>
    public void Done(CheckedFile file)
    {
        _done += WorkOf(file, deep);
        _files++;
        var elapsed = clock.GetElapsedTime(_start);
        if (elapsed < _next)
            return;
        _next = elapsed + Pause;
        var share = _done / _total;
        observer.Progress(new SegProgress(
            0,
            Activity,
            string.Create(CultureInfo.InvariantCulture, $"{_files} of {files.Count} files, {file.RelativePath}"),
            (int)(100 * share),
            elapsed.TotalSeconds < 1 ? -1 : (int)Math.Ceiling(elapsed.TotalSeconds * (1 - share) / share)));
    }

    /// <summary>The last word of all roots.</summary>
    public static void Complete(ISegObserver observer) => observer.Progress(new SegProgress(0, Activity, "Done", 100, Completed: true));

    /// <summary>Opening a file costs about as much as reading 64 KiB.</summary>
    private static double WorkOf(CheckedFile file, bool deep) => deep ? file.Size + 65536.0 : 1;
}
