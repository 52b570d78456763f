using System.Globalization;
using System.Net;

namespace MedSeg.Engine.Reporting;

/// <summary>
/// Appends scalars to a TensorBoard event file, flushed after every call so that a running training can be watched and a killed
/// one loses nothing.
/// </summary>
public sealed class TensorBoardWriter : IDisposable
{
    private readonly FileStream _stream;
    private readonly TimeProvider _clock;

    /// <summary>Starts a new event file.</summary>
    /// <param name="folder">Folder of the run; several event files in it are read as one run.</param>
    /// <param name="restartStep">When a run goes on, the first step it will write: later ones of earlier files are then void.</param>
    /// <param name="clock">Source of wall times.</param>
    public TensorBoardWriter(string folder, long? restartStep = null, TimeProvider? clock = null)
    {
        _clock = clock ?? TimeProvider.System;
        _stream = CreateFile(folder, _clock.GetUtcNow());
        Append(TensorBoardRecord.FileVersion(WallTime()));
        if (restartStep is { } step) Append(TensorBoardRecord.SessionStart(WallTime(), step));
    }

    /// <summary>Full path of the event file.</summary>
    public string Path => _stream.Name;

    /// <summary>Writes one number; NaN and null are left out, since they would make the reader drop the curve (D-79).</summary>
    public void Scalar(string tag, long step, double? value)
    {
        if (value is not { } number || double.IsNaN(number)) return;
        Append(TensorBoardRecord.Scalar(WallTime(), step, tag, (float)number));
    }

    public void Dispose() => _stream.Dispose();

    private void Append(byte[] record)
    {
        _stream.Write(record);
        _stream.Flush();
    }

    /// <summary>Seconds since 1970, with fraction.</summary>
    private double WallTime() => (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;

    private static FileStream CreateFile(string folder, DateTimeOffset now)
    {
        string stem = string.Create(CultureInfo.InvariantCulture,
            $"events.out.tfevents.{now.ToUnixTimeSeconds():D10}.{Dns.GetHostName()}.{Environment.ProcessId}");
        for (int number = 0; ; number++)
        {
            string path = System.IO.Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{stem}.{number}"));
            if (File.Exists(path)) continue;
            return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite);
        }
    }
}
