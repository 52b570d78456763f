using MedSeg.Engine.Packaging;
using SkiaSharp;
using Xunit;

namespace MedSeg.Engine.Tests.Training.Watching;

[Collection(TorchGlobalState.Name)]
public sealed class WatchedRunTests(PhantomRun phantom) : IClassFixture<PhantomRun>
{
    private static readonly string[] Tags =
        ["Train/Input", "Train/Predictions", "Train/Ground Truth", "Validation/Input", "Validation/Predictions", "Validation/Ground Truth"];

    [Fact]
    public void Watching_changes_no_weights()
    {
        SegModel plain = phantom.Train(phantom.NewFolder());
        SegModel watched = phantom.Train(phantom.NewFolder(), config: Debugging(), films: 3, search: 0.1);
        Assert.Equal(File.ReadAllBytes(ModelPackage.WeightsPath(plain)), File.ReadAllBytes(ModelPackage.WeightsPath(watched)));
        Assert.Equal(
            plain.History.Select(e => e with { Seconds = 0 }), watched.History.Select(e => e with { Seconds = 0 }));
    }

    [Fact]
    public void Films_have_a_picture_per_epoch_of_labelled_slices()
    {
        string folder = phantom.NewFolder();
        phantom.Train(folder, films: 2);
        string[] films = Directory.GetFiles(Path.Combine(folder, "gifs"));
        Assert.Equal(2, films.Length);
        Assert.All(films, film =>
        {
            Assert.Matches(@"^0[12]_sub-.*_T2w_slice-\d+\.gif$", Path.GetFileName(film));
            using SKCodec codec = SKCodec.Create(film);
            Assert.Equal(3, codec.FrameCount);
            Assert.Equal((256, 276), (codec.Info.Width, codec.Info.Height));
        });
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void A_run_that_was_stopped_leaves_the_same_films_and_pictures(int batches)
    {
        string straight = phantom.NewFolder(), stopped = phantom.NewFolder();
        phantom.Train(straight, config: Debugging(), films: 2);
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => phantom.Train(stopped, config: Debugging(), films: 2, ct: stop.Token, batchDone: position =>
        {
            if (position.Steps >= batches) stop.Cancel();
        }));
        phantom.Train(stopped, resume: true, config: Debugging(), films: 2);
        Assert.Equal(Films(straight), Films(stopped));
        Assert.Equal(Pictures(straight), Pictures(stopped));
    }

    [Fact]
    public void A_picture_that_was_written_before_a_kill_is_replaced()
    {
        string straight = phantom.NewFolder(), killed = phantom.NewFolder();
        phantom.Train(straight, films: 1);
        phantom.TrainUntil(killed, 4);
        Directory.CreateDirectory(Path.Combine(killed, "gifs"));
        foreach (var (name, bytes) in Films(straight)) File.WriteAllBytes(Path.Combine(killed, "gifs", name), Convert.FromHexString(bytes));
        phantom.Train(killed, resume: true, films: 1);
        Assert.Equal(Films(straight), Films(killed));
    }

    [Fact]
    public void Debugging_shows_pictures_of_the_first_batches_of_every_epoch()
    {
        string folder = phantom.NewFolder();
        phantom.Train(folder, config: Debugging());
        var pictures = Pictures(folder);
        Assert.Equal(Tags.Order(StringComparer.Ordinal), pictures.Select(p => p.Tag).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(6 * 3, pictures.Count);
        Assert.True(File.Exists(Path.Combine(folder, "version_info.json")));
        Assert.Empty(Pictures(phantom.Train(phantom.NewFolder()).RunPath!));
    }

    [Fact]
    public void Films_that_cannot_be_written_are_one_warning()
    {
        string folder = phantom.NewFolder();
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "gifs"), "in the way");
        var observer = new RecordingObserver();
        phantom.Train(folder, films: 2, observer: observer);
        Assert.Single(observer.Warnings, w => w.Contains("gifs", StringComparison.Ordinal));
    }

    private static SegConfig Debugging() => PhantomRun.Config(c => c.Debugging = true);

    private static List<(string Name, string Bytes)> Films(string folder) =>
        [.. Directory.GetFiles(Path.Combine(folder, "gifs")).Order(StringComparer.Ordinal).Select(f => (Path.GetFileName(f), Convert.ToHexString(File.ReadAllBytes(f))))];

    /// <summary>What a reader of the event files shows, which drops what a restart has made void.</summary>
    private static List<(string Tag, long Step, string Bytes)> Pictures(string folder)
    {
        var shown = new SortedDictionary<(string, long), string>();
        foreach (string file in Directory.GetFiles(folder, "events.out.tfevents.*").Order(StringComparer.Ordinal))
        {
            foreach (EventPicture picture in EventPicture.Read(file))
            {
                if (picture.Restart) foreach (var key in shown.Keys.Where(k => k.Item2 >= picture.Step).ToList()) shown.Remove(key);
                else Assert.True(shown.TryAdd((picture.Tag, picture.Step), Convert.ToHexString(picture.Png)), $"{picture.Tag} is there twice.");
            }
        }

        return [.. shown.Select(p => (p.Key.Item1, p.Key.Item2, p.Value))];
    }
}
