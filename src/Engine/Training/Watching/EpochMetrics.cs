using MedSeg.Engine.Evaluation;
using TorchSharp;
using static TorchSharp.torch;

namespace MedSeg.Engine.Training.Watching;

/// <summary>
/// Averages figures over validation samples, leaving out samples in which a figure is not defined. Masks count with their
/// probabilities. Classified images are counted as decided, and the figures are those of all of them together: one image is right
/// or wrong and has no overlap to speak of. Dice is then F1.
/// </summary>
/// <param name="threshold">A voxel or an image belongs to a class where its probability is at least this.</param>
internal sealed class EpochMetrics(double threshold)
{
    private Overlap[]? _images;
    private NanMean _dice, _multiClassDice, _precision, _recall, _specificity, _union, _accuracy, _hausdorff;

    /// <summary>The figures so far.</summary>
    public SegValidationMetrics Result => _images is { } images ? OfAll(images) : new(
        _dice.Value, _multiClassDice.Value, _precision.Value, _recall.Value, _specificity.Value, _union.Value, _accuracy.Value, _hausdorff.Value);

    /// <summary>Adds a batch.</summary>
    /// <param name="prediction">Probabilities (N,K,H,W) or (N,K,H,W,D), or (N,K) for classified images; float32 on any device.</param>
    /// <param name="target">The same shape, 0 to 1.</param>
    /// <param name="spacings">Voxel size in mm of each sample; 1 mm where there are fewer.</param>
    public void Add(Tensor prediction, Tensor target, IReadOnlyList<(double H, double W, double D)> spacings)
    {
        using var scope = NewDisposeScope();
        using Scalar limit = threshold, half = (double)Mask.Half;
        bool images = prediction.dim() == 2;
        Overlap[,] overlaps = images
            ? OverlapsOf(prediction.ge(limit).to(float32), target.ge(half).to(float32))
            : OverlapsOf(prediction, target);
        for (int n = 0; n < overlaps.GetLength(0); n++)
        {
            Overlap[] classes = [.. Enumerable.Range(0, overlaps.GetLength(1)).Select(k => overlaps[n, k])];
            if (images) AddImage(classes);
            else AddSample(classes);
        }

        if (!images) AddDistances(prediction, target, spacings);
    }

    private void AddImage(Overlap[] classes) =>
        _images = _images is null ? classes : [.. _images.Zip(classes, (sum, one) => sum + one)];

    private static SegValidationMetrics OfAll(Overlap[] classes)
    {
        var together = new EpochMetrics(0);
        together.AddSample(classes);
        return together.Result;
    }

    private void AddSample(Overlap[] classes)
    {
        Overlap all = classes.Aggregate((a, b) => a + b);
        NanMean perClass = default;
        foreach (Overlap one in classes) perClass.Add(Dice.Of(one));
        _dice.Add(Dice.Of(all));
        _multiClassDice.Add(perClass.Value ?? double.NaN);
        _precision.Add(Precision.Of(all));
        _recall.Add(Recall.Of(all));
        _specificity.Add(Specificity.Of(all));
        _union.Add(IntersectionOverUnion.Of(all));
        _accuracy.Add(Accuracy.Of(all));
    }

    /// <summary>One overlap per sample and class; sums in double precision and one transfer, since this runs for every batch.</summary>
    private static Overlap[,] OverlapsOf(Tensor prediction, Tensor target)
    {
        long samples = prediction.shape[0], classes = prediction.shape[1];
        Tensor p = prediction.reshape(samples, classes, -1), g = target.reshape(samples, classes, -1);
        double[] sums = stack([Sum(p * g), Sum(p), Sum(g)], dim: 2).cpu().data<double>().ToArray();
        var overlaps = new Overlap[samples, classes];
        for (int i = 0; i < samples * classes; i++)
            overlaps[i / classes, i % classes] = new(sums[3 * i], sums[(3 * i) + 1], sums[(3 * i) + 2], p.shape[2]);
        return overlaps;
    }

    private static Tensor Sum(Tensor values) => values.sum([2], type: float64);

    private void AddDistances(Tensor prediction, Tensor target, IReadOnlyList<(double H, double W, double D)> spacings)
    {
        long[] shape = prediction.shape;
        float[] p = prediction.cpu().data<float>().ToArray(), g = target.cpu().data<float>().ToArray();
        // In memory the last axis is the fastest: x of a volume is D, of a slice W.
        Box size = shape.Length == 5 ? new((int)shape[4], (int)shape[3], (int)shape[2]) : new((int)shape[3], (int)shape[2], 1);
        int classes = (int)shape[1];
        for (int n = 0; n < shape[0]; n++)
        {
            (double h, double w, double d) = n < spacings.Count ? spacings[n] : (1, 1, 1);
            NanMean perClass = default;
            for (int k = 0; k < classes; k++)
            {
                int start = ((n * classes) + k) * size.Count;
                Mask mask = new(p[start..(start + size.Count)], (float)threshold), reference = new(g[start..(start + size.Count)]);
                perClass.Add(Hausdorff.Of(SurfaceDistances.Between(mask, reference, size, shape.Length == 5 ? (d, w, h) : (w, h, d), default)));
            }

            _hausdorff.Add(perClass.Value ?? double.NaN);
        }
    }

    /// <summary>A mean over the numbers that are not NaN.</summary>
    private struct NanMean
    {
        private double _sum;
        private long _count;

        public readonly double? Value => _count == 0 ? null : _sum / _count;

        public void Add(double value)
        {
            if (double.IsNaN(value)) return;
            _sum += value;
            _count++;
        }
    }
}
