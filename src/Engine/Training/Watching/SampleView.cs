using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Evaluation;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Reporting;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Training.Watching;

/// <summary>One sample as pictures show it: a slice, or of a volume the middle one of those that have labels.</summary>
/// <param name="Origin">Where the sample comes from.</param>
/// <param name="Image">The first channel.</param>
/// <param name="Predictions">Probabilities of each class; empty for an image that is classified as a whole.</param>
/// <param name="References">Labels of each class; empty likewise.</param>
/// <param name="Answers">Probability of each class of an image that is classified; else empty.</param>
/// <param name="Spacing">Size of a pixel in mm.</param>
internal sealed record SampleView(
    SampleOrigin Origin, ViewSlice Image, IReadOnlyList<ViewSlice> Predictions, IReadOnlyList<ViewSlice> References, IReadOnlyList<float> Answers,
    (double Rows, double Columns) Spacing)
{
    /// <summary>Copies one sample of a batch.</summary>
    /// <param name="n">Which one.</param>
    /// <param name="prediction">What the network says of the whole batch.</param>
    /// <param name="axis">Across which the dataset is cut into slices.</param>
    public static SampleView Of(SampleBatch batch, int n, ReadOnlySpan<float> prediction, SliceAxis axis)
    {
        GridSize size = batch.Size;
        ReadOnlySpan<float> answers = Part(prediction, n, batch.Count);
        int classes = batch.Classes;
        bool masks = answers.Length == classes * size.Count && batch.TargetShape.Count > 2;
        ReadOnlySpan<float> target = masks ? batch.Target.AsSpan(n * classes * size.Count, classes * size.Count) : default;
        int depth = Middle(target, size);
        bool picture = ImageFile.IsPicture(batch.Origins[n].Image.Path);
        ViewSlice Plane(ReadOnlySpan<float> values, int plane) => Show(values.Slice(plane * size.Count, size.Count), size, depth, axis, picture);
        var predictions = new List<ViewSlice>();
        var references = new List<ViewSlice>();
        for (int k = 0; masks && k < classes; k++)
        {
            predictions.Add(Plane(answers, k));
            references.Add(Plane(target, k));
        }

        (double h, double w, _) = n < batch.Spacings.Count ? batch.Spacings[n] : (1, 1, 1);
        return new SampleView(
            batch.Origins[n], Plane(batch.Input, n * batch.Channels), predictions, references, masks ? [] : answers.ToArray(),
            axis == SliceAxis.Axial && !picture ? (w, h) : (h, w));
    }

    /// <summary>The middle one of the slices that have labels, or of all where none has.</summary>
    private static int Middle(ReadOnlySpan<float> target, GridSize size)
    {
        var labelled = new SortedSet<int>();
        for (int i = 0; size.D > 1 && i < target.Length; i++)
        {
            if (target[i] >= Mask.Half) labelled.Add(i % size.D);
        }

        return labelled.Count == 0 ? size.D / 2 : labelled.ElementAt(labelled.Count / 2);
    }

    private static ViewSlice Show(ReadOnlySpan<float> values, GridSize size, int depth, SliceAxis axis, bool picture)
    {
        float[] plane = new float[size.H * size.W];
        for (int i = 0; i < plane.Length; i++) plane[i] = values[(i * size.D) + depth];
        return OverlayView.Turn(plane, size.H, size.W, axis, picture);
    }

    private static ReadOnlySpan<float> Part(ReadOnlySpan<float> values, int n, int count) => values.Slice(n * (values.Length / count), values.Length / count);
}
