using System.Diagnostics;
using System.Globalization;

namespace MedSeg.Engine.Bids.Checks;

/// <summary>
/// Says how far the files of one dataset are and how long the rest will take: by their bytes when voxels are read, else by their number.
/// </summary>
internal sealed class CheckProgress(ISegObserver observer, RootView root, bool deep)
{
    private const string Activity = "Checking dataset";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly double _total = root.Files.Sum(f => WorkOf(f, deep));
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private TimeSpan _next = TimeSpan.Zero;
    private double _done;
    private int _files;

    /// <summary>One file more.</summary>
    public void Done(CheckedFile file)
    {
        _done += WorkOf(file, deep);
        _files++;
        if (_watch.Elapsed < _next)
            return;
        _next = _watch.Elapsed + Pause;
        var share = _done / _total;
        observer.Progress(new SegProgress(
            0,
            Activity,
            string.Create(CultureInfo.InvariantCulture, $"{_files} of {root.Files.Count} files, {file.RelativePath}"),
            (int)(100 * share),
            _watch.Elapsed.TotalSeconds < 1 ? -1 : (int)Math.Ceiling(_watch.Elapsed.TotalSeconds * (1 - share) / share)));
    }

    /// <summary>The last word of all roots.</summary>
    public static void Complete(ISegObserver observer) => observer.Progress(new SegProgress(0, Activity, "Done", 100, Completed: true));

    /// <summary>Opening a file costs about as much as reading 64 KiB.</summary>
    private static double WorkOf(CheckedFile file, bool deep) => deep ? file.Size + 65536.0 : 1;
}
