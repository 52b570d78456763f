using MedSeg.Engine.Packaging;
using MedSeg.Engine.Packaging.Ensembles;
using MedSeg.Engine.Training;
using MedSeg.Engine.Training.Series;

namespace MedSeg.Engine;

public static partial class SegEngine
{
    /// <summary>Trains a network and packages it, or continues a training; <see cref="Trainer.Run(TrainingRequest, Configuration.ComponentCatalog, ISegObserver, CancellationToken)"/> has the errors.</summary>
    public static SegModel Train(TrainingRequest request, ISegObserver observer, CancellationToken ct) => Trainer.Run(request, Catalog, observer, ct);

    /// <summary>
    /// Names of the run folders of a series of trainings, below the folder given, in the order in which they are trained; empty where a
    /// single training is asked for.
    /// </summary>
    /// <exception cref="SegException">See <see cref="SeriesStart.PlanOf"/>.</exception>
    public static IReadOnlyList<string> SeriesRuns(string path, string modelName, IReadOnlyList<int> seeds, int? folds, bool resume) =>
        SeriesStart.RunsOf(path, modelName, seeds, folds, resume);

    /// <summary>Trains a model for each seed and fold, or continues such a series; last of all comes the ensemble of them.</summary>
    /// <exception cref="SegException">See <see cref="SeriesTrainer.Run"/>.</exception>
    public static IEnumerable<SegModel> TrainSeries(SeriesRequest request, ISegObserver observer, CancellationToken ct) =>
        SeriesTrainer.Run(request, Catalog, observer, new TrainerOptions(), ct);

    /// <summary>Mean and standard deviation of the figures of an ensemble's members.</summary>
    public static SegTrainingSummary Summarize(SegModel ensemble) => SeriesSummary.Of(ensemble);

    /// <summary>Loads a packaged model or an ensemble and checks its files against the manifest.</summary>
    /// <param name="path">Full path of the model's folder or of the manifest in it; of an ensemble, that with ensemble.json or this file.</param>
    /// <exception cref="SegException"><c>ModelNotFound</c>, <c>ModelDamaged</c>, <c>ModelTooNew</c>, <c>EnsembleMismatch</c>.</exception>
    public static SegModel LoadModel(string path, ISegObserver observer, CancellationToken ct) => EnsemblePackage.Is(path)
        ? EnsemblePackage.Load(path, Catalog, observer.Warning, ct)
        : ModelPackage.Load(path, Catalog, observer.Warning, ct);

    /// <summary>As the other overload, without anybody to tell about oddities.</summary>
    public static SegModel LoadModel(string path) => LoadModel(path, SilentObserver.Instance, CancellationToken.None);
}
