using MedSeg.Engine.Inference.Ensembles;

namespace MedSeg.Engine.Inference.Classification;

/// <summary>Classifies the slices of images with a packaged model and writes a table.</summary>
public static class Classifier
{
    /// <summary>
    /// Classifies one image after the other; the results of each are there as soon as it is done, the table when all are. An image that
    /// cannot be read or classified is one error to the observer, and the rest goes on.
    /// </summary>
    /// <param name="request">A model that classifies, images, output folder and options.</param>
    /// <param name="o">Told about bad images and progress.</param>
    /// <param name="ct">Looked at between batches of slices.</param>
    /// <exception cref="SegException">
    /// Before the first result: <c>NotAClassifier</c>, <c>ThresholdRange</c>, <c>NoImages</c>, <c>PatchOverlapRange</c>, <c>FilmMetadataUnused</c>, <c>OutputIsDataset</c>,
    /// <c>ModelDamaged</c>, or an error of the model or device. At the end: <c>DiskFull</c> or <c>CannotWrite</c>.
    /// </exception>
    public static IEnumerable<SegClassification> Run(PredictionRequest request, ISegObserver o, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(o);
        if (request.Model.Task != SegTask.Classification)
        {
            throw new SegException(
                "NotAClassifier", SegErrorKind.InvalidArgument, $"{request.Model.Name} segments images and does not classify slices.",
                "Use Predict.", request.Model.Name);
        }

        var inputs = Predictor.InputsOf(request, o);
        PatchChoice.Of(request, o.Warning);
        FilmInputs.Of(request.Model, request.Metadata);
        if (request.Soft)
            o.Warning($"Soft has no effect: {request.Model.Name} classifies slices, and their probabilities are always written.");
        DerivativeDescription.RequireNoOther(request.OutputPath);
        return Stream(request, [.. inputs.Select(input => new PredictionPaths(input, request.OutputPath))], o, ct);
    }

    private static IEnumerable<SegClassification> Stream(PredictionRequest request, List<PredictionPaths> all, ISegObserver o, CancellationToken ct)
    {
        var table = new ClassificationTable();
        var progress = new PredictionProgress(request.Model.Name, all.Count, o);
        try
        {
            var done = 0;
            foreach (var (model, inputs) in EnsembleParts.Of(request.Model, all))
            {
                using var image = new ImageClassifier(request with { Model = model }, o);
                foreach (var paths in inputs)
                {
                    ct.ThrowIfCancellationRequested();
                    progress.Start(done++, paths.Stem);
                    foreach (var slice in image.TryRun(paths, progress.Slices, ct))
                    {
                        table.Add(slice);
                        yield return slice;
                    }
                }
            }

            table.Save(ClassificationTable.PathIn(request.OutputPath, request.Model));
        }
        finally
        {
            progress.Complete();
        }
    }
}
