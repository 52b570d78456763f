using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Reporting;
using static TorchSharp.torch;

namespace MedSeg.Engine.Training.Watching;

/// <summary>Pictures for TensorBoard of <c>debugging</c>: the first samples of the first batch, with what the network says and the labels.</summary>
/// <param name="epochs">Of the whole run.</param>
internal sealed class DebugPictures(int epochs, SliceAxis axis)
{
    /// <summary>Most pictures under a tag; longer runs show every second epoch, every third…</summary>
    public const int MostSteps = 50;

    private const int MostSamples = 4, Gap = 4;

    private readonly Dictionary<string, SampleView[]> _views = [];

    /// <summary>Whether pictures of this epoch are shown.</summary>
    public bool Shows(int epoch) => (epoch - 1) % ((epochs + MostSteps - 1) / MostSteps) == 0 || epoch == epochs;

    /// <summary>Keeps the first samples of a batch.</summary>
    /// <param name="part">Train or Validation.</param>
    public void See(string part, SampleBatch batch, Tensor prediction)
    {
        float[] values = prediction.cpu().data<float>().ToArray();
        _views[part] = [.. Enumerable.Range(0, Math.Min(MostSamples, batch.Count)).Select(n => SampleView.Of(batch, n, values, axis))];
    }

    /// <summary>Writes what was kept, and forgets it.</summary>
    public void Write(TensorBoardWriter events, int epoch)
    {
        foreach (var (part, views) in _views)
        {
            events.Image($"{part}/Input", epoch, Draw(views, SamplePicture.Layer.None));
            events.Image($"{part}/Predictions", epoch, Draw(views, SamplePicture.Layer.Predictions));
            events.Image($"{part}/Ground Truth", epoch, Draw(views, SamplePicture.Layer.References));
        }

        _views.Clear();
    }

    private static Canvas Draw(SampleView[] views, SamplePicture.Layer layer)
    {
        var sizes = Array.ConvertAll(views, SamplePicture.SizeOf);
        var canvas = new Canvas(sizes.Sum(s => s.Columns + Gap) - Gap, sizes.Max(s => s.Rows));
        int left = 0;
        for (int i = 0; i < views.Length; i++)
        {
            SamplePicture.Draw(canvas, left, views[i], layer, views[i].Origin.Place);
            left += sizes[i].Columns + Gap;
        }

        return canvas;
    }
}
