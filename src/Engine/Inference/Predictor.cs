using System.Diagnostics;
using MedSeg.Engine.Data;
using MedSeg.Engine.Data.Patches;
using MedSeg.Engine.Inference.Ensembles;
using MedSeg.Engine.Transforms;

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
    /// Before the first result: <c>NotASegmentation</c>, <c>ThresholdRange</c>, <c>NoImages</c>, <c>PatchOverlapRange</c>, <c>DuplicateOutput</c>, <c>OutputIsInput</c>, <c>OutputElsewhere</c>,
    /// <c>OutputIsDataset</c>, <c>ModelDamaged</c>, <c>FilmMetadataUnused</c>, <c>FilmMetadataName</c>, <c>FilmCategoryUnknown</c>, or an error of the model or device. Later: <c>DiskFull</c>.
    /// </exception>
    public static IEnumerable<SegPrediction> Run(PredictionRequest request, ISegObserver o, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(o);
        if (request.Model.Task != SegTask.Segmentation)
        {
            throw new SegException(
                "NotASegmentation", SegErrorKind.InvalidArgument, $"{request.Model.Name} classifies slices and does not segment images.",
                "Use Classify.", request.Model.Name);
        }

        var threshold = request.Threshold ?? request.Model.Threshold;
        var inputs = InputsOf(request, o);
        var patches = PatchChoice.Of(request, o.Warning);
        var paths = inputs.Select(input => new PredictionPaths(input, request.OutputPath)).ToList();
        PredictionPaths.RequireDistinct(paths, request.Model.Config.LoaderParameters.TargetSuffix);
        var work = new Work(request, patches, threshold, o, ct) { Film = FilmInputs.Of(request.Model, request.Metadata) };
        return Stream(work, EnsembleParts.Of(request.Model, paths));
    }

    /// <summary>The inputs of a request, their channels put together.</summary>
    /// <param name="o">Told about images that are left out, and why.</param>
    /// <exception cref="SegException"><c>ThresholdRange</c> or <c>NoImages</c>.</exception>
    internal static IReadOnlyList<PredictionInput> InputsOf(PredictionRequest request, ISegObserver o)
    {
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

        var inputs = PredictionGroups.Of(request.Images, request.Model.Config, o);
        return inputs.Count > 0 ? inputs : throw NoCompleteInput(request.Model);
    }

    /// <summary>One call of <see cref="Run"/>.</summary>
    private sealed record Work(PredictionRequest Request, PatchSettings Patches, double Threshold, ISegObserver Observer, CancellationToken Token)
    {
        /// <summary>Finds what FiLM modulates by, or null.</summary>
        public FilmInputs? Film { get; init; }
    }

    private static IEnumerable<SegPrediction> Stream(Work work, IReadOnlyList<(SegModel Model, IReadOnlyList<PredictionPaths> Inputs)> parts)
    {
        var progress = new PredictionProgress(work.Request.Model.Name, parts.Sum(part => part.Inputs.Count), work.Observer);
        try
        {
            var done = 0;
            foreach (var (model, inputs) in parts)
            {
                var threshold = work.Request.Threshold ?? model.Threshold;
                foreach (var prediction in Stream(work with { Request = work.Request with { Model = model }, Threshold = threshold }, inputs, done, progress))
                    yield return prediction;
                done += inputs.Count;
            }
        }
        finally
        {
            progress.Complete();
        }
    }

    private static IEnumerable<SegPrediction> Stream(Work work, IReadOnlyList<PredictionPaths> paths, int before, PredictionProgress progress)
    {
        var (model, config) = (work.Request.Model, work.Request.Model.Config);
        using var runner = new MemberRunners(work.Request, work.Observer.Warning);
        var loader = new InputLoader(
            config.LoaderParameters, TransformPipeline.Create(config, DatasetParts.Testing).UsesRoi, work.Observer.Warning, work.Film);
        var writer = new PredictionWriter(model, work.Request.OutputPath, work.Threshold, work.Request.Soft, work.Patches);
        writer.Begin(paths.SelectMany(p => p.Input.Channels));
        for (var i = 0; i < paths.Count; i++)
        {
            work.Token.ThrowIfCancellationRequested();
            progress.Start(before + i, paths[i].Stem);
            if (TryPredict(work, paths[i], loader, runner, writer, progress) is { } prediction)
                yield return prediction;
        }
    }

    private static SegPrediction? TryPredict(
        Work work, PredictionPaths paths, InputLoader loader, MemberRunners runner, PredictionWriter writer, PredictionProgress progress)
    {
        try
        {
            var watch = Stopwatch.StartNew();
            var probabilities = runner.Predict(loader.Read(paths.Input, work.Token), progress.Slices, work.Token);
            var classes = new SegPredictedClass[runner.Classes];
            for (var k = 0; k < classes.Length; k++)
                classes[k] = writer.Write(paths, probabilities, k);
            return new SegPrediction
            {
                ImagePath = paths.Input.Path,
                ChannelPaths = [.. paths.Input.Channels.Select(channel => channel.Path)],
                UsedContrasts = paths.Input.Contrasts.Count > 0 ? paths.Input.Contrasts : ChannelGroups.Contrasts(work.Request.Model.Config),
                MissingContrasts = PredictionGroups.MissingOf(paths.Input, work.Request.Model.Config),
                ImageId = paths.Stem,
                Subject = paths.Subject,
                Contrast = paths.Contrast,
                ModelName = work.Request.Model.Name,
                ModelPath = work.Request.Model.Path,
                Threshold = work.Threshold,
                Classes = classes,
                OutputPath = work.Request.OutputPath,
                WallTime = watch.Elapsed,
            };
        }
        catch (Exception error) when (ImageFailure.Is(error))
        {
            work.Observer.Error(ImageFailure.Of(error, paths.Input.Path));
            return null;
        }
    }

    private static SegException NoCompleteInput(SegModel model) => new(
        "NoImages", SegErrorKind.InvalidArgument,
        MissingContrasts.Allowed(model.Config)
            ? $"{model.Name} takes {string.Join(", ", ChannelGroups.Contrasts(model.Config))}, and no image has one of them."
            : $"{model.Name} takes {string.Join(", ", ChannelGroups.Contrasts(model.Config))} together, and no image has all of them.",
        "Give the images of all contrasts, under names that differ in nothing but the contrast, for example sub-01_T1w.nii.gz and sub-01_T2w.nii.gz.",
        model.Name);
}
