using System.Globalization;
using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Evaluation;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Reporting;
using MedSeg.Engine.Reporting.Animation;
using MedSeg.Engine.Runtime;
using static TorchSharp.torch;

namespace MedSeg.Engine.Training.Watching;

/// <summary>
/// Films of some validation slices: a picture per epoch, each film a GIF. Which slices is a function of the seed and their place in the
/// validation order, those with labels first, so that a run that goes on films the same ones. Films are a convenience: when they cannot
/// be written, one warning says so and no more are written.
/// </summary>
/// <param name="folder">Full path of the folder of the films.</param>
/// <param name="count">How many slices, at least 1.</param>
/// <param name="epochs">Of the whole run.</param>
/// <param name="warn">Told once when films cannot be written.</param>
internal sealed class SliceFilms(string folder, int count, long seed, int epochs, SliceAxis axis, Action<string> warn)
{
    /// <summary>Most pictures of a film; longer runs show every second epoch, every third…</summary>
    public const int MostFrames = 100;

    private const long FilmKey = 0x46494C4D, LargestFile = 1L << 28;

    private readonly List<(Rank Rank, SampleView View)> _chosen = [];
    private int _seen;
    private bool _failed;

    /// <summary>Looks at the next samples of the validation order.</summary>
    public void See(SampleBatch batch, Tensor prediction)
    {
        float[]? values = null;
        for (int n = 0; n < batch.Count; n++, _seen++)
        {
            var rank = new Rank(!IsLabelled(batch, n), new RandomStream(seed, FilmKey, _seen).NextBits());
            if (_chosen.Count == count && rank.CompareTo(_chosen[^1].Rank) >= 0) continue;
            values ??= prediction.cpu().data<float>().ToArray();
            if (_chosen.Count == count) _chosen.RemoveAt(count - 1);
            int at = _chosen.FindIndex(c => c.Rank.CompareTo(rank) > 0);
            _chosen.Insert(at < 0 ? _chosen.Count : at, (rank, SampleView.Of(batch, n, values, axis)));
        }
    }

    /// <summary>Adds a picture of this epoch to every film. Pictures of later epochs, of a run that was killed, are dropped.</summary>
    public void End(int epoch)
    {
        for (int i = 0; i < _chosen.Count && !_failed && IsFilmed(epoch); i++) Add(i, _chosen[i].View, epoch);
        _chosen.Clear();
        _seen = 0;
    }

    private bool IsFilmed(int epoch) => (epoch - 1) % ((epochs + MostFrames - 1) / MostFrames) == 0 || epoch == epochs;

    private void Add(int number, SampleView view, int epoch)
    {
        string path = Path.Combine(folder, NameOf(number, view.Origin));
        Canvas picture = SamplePicture.Draw(view, SamplePicture.Layer.Both, string.Create(CultureInfo.InvariantCulture, $"epoch {epoch}"));
        try
        {
            Directory.CreateDirectory(folder);
            GifFilm film = Read(path) is { } old && (old.Width, old.Height) == (picture.Width, picture.Height)
                ? old
                : new GifFilm(picture.Width, picture.Height, []);
            AtomicFile.WriteAllBytes(path, film.With(epoch, picture).ToBytes());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SegException)
        {
            _failed = true;
            warn($"The films of validation slices cannot be written to '{folder}' and end here; training goes on. {e.Message}");
        }
    }

    /// <summary>What an earlier epoch left; a file that is damaged or something else begins anew.</summary>
    private static GifFilm? Read(string path) => new FileInfo(path) is { Exists: true, Length: <= LargestFile } ? GifFilm.Parse(File.ReadAllBytes(path)) : null;

    /// <summary>The names of images are names of files already; the place has only letters, digits and dashes left.</summary>
    private static string NameOf(int number, SampleOrigin origin)
    {
        string place = string.Join('-', origin.Place.Split([' ', '(', ')', ','], StringSplitOptions.RemoveEmptyEntries));
        return string.Create(CultureInfo.InvariantCulture, $"{number + 1:00}_{origin.Image.Stem}{(place.Length > 0 ? "_" : "")}{place}.gif");
    }

    private static bool IsLabelled(SampleBatch batch, int n)
    {
        int size = (int)batch.TargetShape.Skip(1).Aggregate(1L, (a, b) => a * b);
        foreach (float value in batch.Target.AsSpan(n * size, size))
        {
            if (value >= Mask.Half) return true;
        }

        return false;
    }

    private readonly record struct Rank(bool Empty, ulong Draw) : IComparable<Rank>
    {
        public int CompareTo(Rank other) => Empty != other.Empty ? Empty.CompareTo(other.Empty) : Draw.CompareTo(other.Draw);
    }
}
