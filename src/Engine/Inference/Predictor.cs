using System.Diagnostics;
using MedSeg.Engine.Data;
using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Inference;

/// <summary>Predicts images with a packaged model and writes the masks.</summary>
public static class Predictor
{
    /// <summary>
    /// Predicts one image after the other; each result is there as soon as its files are. An image that cannot be read or
    /// predicted is one error to the observer, and the rest goes on.
    /// </summary>
    /// <param name="request">Model, images, output folder and options.</param>
    /// <param name="o">Told about bad images and progress.</param>
    /// <param name="ct">Looked at between batches of slices.</param>
    /// <exception cref="SegException">
    /// Before the first result: <c>ThresholdRange</c>, <c>NoImages</c>, <c>DuplicateOutput</c>, <c>OutputIsInput</c>, <c>OutputElsewhere</c>,
    /// <c>OutputIsDataset</c>, <c>ModelDamaged</c>, or an error of the model or device. Later: <c>DiskFull</c>.
    /// </exception>
    public static IEnumerable<SegPrediction> Run(PredictionRequest request, ISegObserver o, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(o);
        var threshold = request.Threshold ?? request.Model.Threshold;
        if (threshold is not (>= 0 and <= 1))
        {
            throw new SegException(
                "ThresholdRange", SegErrorKind.InvalidArgument, FormattableString.Invariant($"The threshold {threshold} is not between 0 and 1."),
                "Choose a probability, for example 0.5.", "Threshold");
        }

        if (request.Images.Count == 0)
        {
            throw new SegException(
                "NoImages", SegErrorKind.InvalidArgument, $"There is no image to predict with {request.Model.Name}.",
                "Check the split part, contrast_params.testing and the files given.", request.Model.Name);
        }

        var paths = request.Images.Select(image => new PredictionPaths(image, request.OutputPath)).ToList();
        PredictionPaths.RequireDistinct(paths, request.Model.Config.LoaderParameters.TargetSuffix);
        return Stream(request, paths, threshold, o, ct);
    }

    private static IEnumerable<SegPrediction> Stream(
        PredictionRequest request, List<PredictionPaths> paths, double threshold, ISegObserver o, CancellationToken ct)
    {
        using var runner = new ModelRunner(request.Model, request.Device);
        var writer = new PredictionWriter(request.Model, request.OutputPath, threshold, request.Soft);
        writer.Begin(request.Images);
        var progress = new PredictionProgress(request.Model.Name, paths.Count, o);
        try
        {
            for (var i = 0; i < paths.Count; i++)
            {
                ct.ThrowIfCancellationRequested();
                progress.Start(i, paths[i].Stem);
                if (TryPredict(request, paths[i], runner, writer, progress, threshold, o, ct) is { } prediction)
                    yield return prediction;
            }
        }
        finally
        {
            progress.Complete();
        }
    }

    private static SegPrediction? TryPredict(
        PredictionRequest request, PredictionPaths paths, ModelRunner runner, PredictionWriter writer, PredictionProgress progress,
        double threshold, ISegObserver o, CancellationToken ct)
    {
        try
        {
            var watch = Stopwatch.StartNew();
            var axis = SliceLayout.Parse(request.Model.Config.LoaderParameters.SliceAxis);
            var volume = ImageLoader.ReadImage(paths.Input.Path, paths.Input.Image?.Metadata, axis, o.Warning, ct);
            var probabilities = runner.Predict(volume, progress.Slices, ct);
            var classes = new SegPredictedClass[runner.Classes];
            for (var k = 0; k < classes.Length; k++)
                classes[k] = writer.Write(paths, probabilities, k);
            return new SegPrediction
            {
                ImagePath = paths.Input.Path,
                ImageId = paths.Stem,
                Subject = paths.Subject,
                Contrast = paths.Contrast,
                ModelName = request.Model.Name,
                ModelPath = request.Model.Path,
                Threshold = threshold,
                Classes = classes,
                OutputPath = request.OutputPath,
                WallTime = watch.Elapsed,
            };
        }
        catch (Exception error) when (ImageFailure.Is(error))
        {
            o.Error(ImageFailure.Of(error, paths.Input.Path));
            return null;
        }
    }
}
