using System.Globalization;

namespace MedSeg.Engine.Reporting;

/// <summary>
/// Appends scalars and pictures to a TensorBoard event file, flushed after every call so that a running training can be watched and a killed
/// one loses nothing. Events are a convenience: when they cannot be written, one warning says so, and no more are written.
/// </summary>
public sealed class TensorBoardWriter : IDisposable
{
    private readonly TimeProvider _clock;
    private readonly Action<string>? _warn;
    private Stream? _stream;

    /// <summary>Starts a new event file.</summary>
    /// <param name="folder">Folder of the run; several event files in it are read as one run.</param>
    /// <param name="restartStep">When a run goes on, the first step it will write: later ones of earlier files are then void.</param>
    /// <param name="clock">Source of wall times.</param>
    /// <param name="warn">Told once when events cannot be written.</param>
    public TensorBoardWriter(string folder, long? restartStep = null, TimeProvider? clock = null, Action<string>? warn = null)
        : this(path => new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0), folder, restartStep, clock, warn)
    {
    }

    /// <summary>As the other constructor, with another kind of file, which must not buffer.</summary>
    internal TensorBoardWriter(Func<string, Stream> create, string folder, long? restartStep, TimeProvider? clock, Action<string>? warn)
    {
        _clock = clock ?? TimeProvider.System;
        _warn = warn;
        Path = FreePath(folder, _clock.GetUtcNow());
        Try(() => _stream = create(Path));
        Append(TensorBoardRecord.FileVersion(WallTime()));
        if (restartStep is { } step) Append(TensorBoardRecord.SessionStart(WallTime(), step));
    }

    /// <summary>Full path of the event file.</summary>
    public string Path { get; }

    /// <summary>Writes one number; NaN and null are left out, since they would make the reader drop the curve (D-79).</summary>
    public void Scalar(string tag, long step, double? value)
    {
        if (value is not { } number || double.IsNaN(number)) return;
        Append(TensorBoardRecord.Scalar(WallTime(), step, tag, (float)number));
    }

    /// <summary>Writes a picture.</summary>
    internal void Image(string tag, long step, Canvas picture) =>
        Append(TensorBoardRecord.Image(WallTime(), step, tag, picture.Height, picture.Width, picture.ToPng()));

    public void Dispose()
    {
        _stream?.Dispose();
        _stream = null;
    }

    private void Append(byte[] record)
    {
        if (_stream is null) return;
        Try(() =>
        {
            _stream.Write(record);
            _stream.Flush();
        });
    }

    private void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Dispose();
            _warn?.Invoke($"TensorBoard events cannot be written to '{Path}' and end here; training goes on. {e.Message}");
        }
    }

    /// <summary>Seconds since 1970, with fraction.</summary>
    private double WallTime() => (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;

    private static string FreePath(string folder, DateTimeOffset now)
    {
        string stem = string.Create(CultureInfo.InvariantCulture,
            $"events.out.tfevents.{now.ToUnixTimeSeconds():D10}.{Environment.MachineName}.{Environment.ProcessId}");
        for (int number = 0; ; number++)
        {
            string path = System.IO.Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{stem}.{number}"));
            if (!File.Exists(path)) return path;
        }
    }
}
