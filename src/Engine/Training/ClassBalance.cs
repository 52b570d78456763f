using System.Globalization;
using System.Numerics.Tensors;
using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Losses;
using MedSeg.Engine.Networks;

namespace MedSeg.Engine.Training;

/// <summary>The weights of classes that <c>class_weights</c> or <c>balance_classes</c> ask for.</summary>
internal static class ClassBalance
{
    /// <summary>The weights; null where all classes count alike. Waits until all images are read where they depend on the labels.</summary>
    /// <param name="task">Where whole images are classified, their number counts and not that of pixels.</param>
    /// <exception cref="SegException"><c>ClassWeightsTwice</c>, <c>ClassWeightsCount</c>, <c>ClassWeightsInvalid</c>, or as <see cref="SampleDataset.Load"/>.</exception>
    public static ClassWeights? Of(TrainingConfig config, SampleDataset training, NetworkTask task, ISegObserver observer, CancellationToken ct)
    {
        double[] given = config.ClassWeights;
        if (given.Length > 0 && config.BalanceClasses)
        {
            throw new SegException("ClassWeightsTwice", SegErrorKind.InvalidArgument, "training_parameters.class_weights and balance_classes both set weights of classes.",
                "Keep one of the two.", "training_parameters.class_weights");
        }

        if (given.Length > 0 && given.Length != training.Classes) throw ClassWeights.WrongCount(given.Length, training.Classes);
        if (config.BalanceClasses) given = Inverse(Sizes(training, task, ct), observer);
        if (given.Length == 0) return null;
        var weights = new ClassWeights(given);
        return given.Distinct().Take(2).Count() < 2 ? null : weights;
    }

    /// <summary>1/size; a class that has no label anywhere counts as the smallest one.</summary>
    internal static double[] Inverse(double[] sizes, ISegObserver observer)
    {
        double smallest = sizes.Where(size => size > 0).DefaultIfEmpty(1).Min();
        if (sizes.Any(size => size <= 0)) observer.Warning("balance_classes: a class has no label in any training image; it counts as the smallest one.");
        double[] weights = [.. sizes.Select(size => 1 / Math.Max(size, smallest))];
        double mean = weights.Average();
        observer.Verbose($"Weights of the classes in the loss: {string.Join(", ", weights.Select(w => (w / mean).ToString("G4", CultureInfo.InvariantCulture)))}.");
        return weights;
    }

    /// <summary>Per class the sum of the labels over all samples before random transforms, raters averaged; or how many samples have the class.</summary>
    private static double[] Sizes(SampleDataset training, NetworkTask task, CancellationToken ct)
    {
        training.WaitAll(ct);
        double[] sizes = new double[training.Classes];
        float[] buffer = [];
        foreach (SampleEntry entry in training.Entries)
        {
            ct.ThrowIfCancellationRequested();
            if (buffer.Length < entry.Size.Count) buffer = new float[entry.Size.Count];
            for (int plane = 0; plane < entry.Unit.Raters * training.Classes; plane++)
            {
                ReadOnlySpan<float> label = entry.Read(training.Channels + plane, buffer);
                double size = task == NetworkTask.Classification ? (TensorPrimitives.Max(label) >= 0.5f ? 1 : 0) : Sum(label);
                sizes[plane % training.Classes] += size / entry.Unit.Raters;
            }
        }

        return sizes;
    }

    /// <summary>In the order of the pixels, so that every processor gives the same number.</summary>
    private static double Sum(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values) sum += value;
        return sum;
    }
}
