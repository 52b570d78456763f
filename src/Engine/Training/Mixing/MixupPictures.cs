using System.Globalization;
using MedSeg.Engine.Reporting;
using static TorchSharp.torch;

namespace MedSeg.Engine.Training.Mixing;

/// <summary>
/// Pictures of the first epoch's mixtures, one sample of each batch: <c>LAMBDA_SAMPLE.png</c>, on the left its first channel in grey,
/// on the right its label in jet colours, the sum over the classes; of volumes the middle slice.
/// </summary>
/// <param name="folder">Made with the first picture.</param>
internal sealed class MixupPictures(string folder)
{
    public void Show(MixedBatch batch)
    {
        if (batch.Epoch > 1 || batch.Image.dim() < 4) return;
        using var scope = NewDisposeScope();
        Tensor image = Slice(batch.Image[batch.Draw.Shown, 0]);
        float[] gray = Numbers(image);
        float[] label = batch.Target.dim() < 4 ? new float[gray.Length] : Numbers(Slice(batch.Target[batch.Draw.Shown].sum([0])));
        string name = string.Create(CultureInfo.InvariantCulture, $"{batch.Draw.Share:F6}_{batch.Draw.Shown:D3}.png");
        Draw(gray, label, (int)image.shape[1]).Save(Path.Combine(folder, name));
    }

    /// <summary>(H,W) of (H,W) or (H,W,D).</summary>
    private static Tensor Slice(Tensor values) => values.dim() == 2 ? values : values.select(2, values.shape[2] / 2);

    private static float[] Numbers(Tensor values) => [.. values.detach().cpu().contiguous().data<float>()];

    private static Canvas Draw(float[] gray, float[] label, int width)
    {
        int height = gray.Length / width;
        float low = gray.Min(), range = gray.Max() - low;
        var canvas = new Canvas(2 * width, height);
        for (int i = 0; i < gray.Length; i++)
        {
            float level = range > 0 ? (gray[i] - low) / range : 0;
            canvas[i / width, i % width] = Rgb.Gray((byte)Math.Round(255 * Math.Clamp(level, 0, 1)));
            canvas[i / width, width + (i % width)] = Jet(Math.Clamp(label[i], 0, 1));
        }

        return canvas;
    }

    /// <summary>Blue, cyan, yellow, red from 0 to 1.</summary>
    private static Rgb Jet(float value)
    {
        byte Channel(double centre) => (byte)Math.Round(255 * Math.Clamp(1.5 - Math.Abs((4 * value) - centre), 0, 1));
        return new(Channel(3), Channel(2), Channel(1));
    }
}
