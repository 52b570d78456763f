using System.Globalization;
using MedSeg.Engine.Data;
using MedSeg.Engine.Data.Folds;
using MedSeg.Engine.Packaging.Ensembles;

namespace MedSeg.Engine.Training.Series;

/// <summary>
/// Trains one model after the other, each in a run folder of its own below the folder of the series, and joins them to an ensemble.
/// </summary>
/// <remarks>
/// With folds, the fold is the model's test set: it has no part in choosing the epoch, for which validation participants are drawn from
/// the others. A series that was stopped goes on with the first model that is not finished, and ends with the same weights.
/// </remarks>
internal static class SeriesTrainer
{
    /// <summary>Trains what is not finished; each model comes as soon as it is there, and last of all the ensemble of them.</summary>
    /// <exception cref="SegException">
    /// <c>SeedTwice</c>, <c>SeedCount</c>, <c>SeriesDamaged</c>, an error of <see cref="FoldMaker.Make"/> or of
    /// <see cref="Trainer.Run(TrainingRequest, Configuration.ComponentCatalog, ISegObserver, CancellationToken)"/>.
    /// </exception>
    /// <exception cref="OperationCanceledException">Stopped; a checkpoint has been saved where training had begun.</exception>
    public static IEnumerable<SegModel> Run(
        SeriesRequest request, Configuration.ComponentCatalog catalog, ISegObserver o, TrainerOptions options, CancellationToken ct)
    {
        TrainingRequest training = request.Training;
        SegConfig config = Trainer.Snapshot(training.Config, catalog, SilentObserver.Instance);
        if (training is { Force: true, Resume: false }) throw Trainer.ForceNeedsResume();
        SeriesPlan plan = SeriesStart.PlanOf(training.OutputPath, config.ModelName, request.Seeds, request.Folds, training.Resume);
        var observer = new SeriesObserver(o, config.ModelName, plan);
        IReadOnlyList<SegSplit> splits = plan.Folds is { } folds
            ? FoldMaker.Make(training.Dataset, config, folds, observer.Warning)
            : [SplitMaker.Make(training.Dataset, config, observer.Warning, training.Location)];
        RunFolder run = RunStart.Prepare(training.OutputPath);
        using RunLock held = RunLock.Take(run);
        RunStart.RemoveLeftovers(run, o);
        SeriesStart.RequireRoom(run, plan, config.ModelName, training, o);
        plan.Write(run.Series);
        var work = new Work(training, catalog, options, run, plan, observer, config.ModelName);
        var models = new List<(string Folder, SegModel Model)>();
        try
        {
            for (int i = 0; i < plan.Members.Count; i++)
            {
                SegModel model = Train(work, i, splits[plan.Members[i].Fold is { } fold ? fold - 1 : 0], ct);
                models.Add((plan.Members[i].Folder, model));
                yield return model;
            }
        }
        finally
        {
            observer.Done();
        }

        yield return EnsemblePackage.Write(run.Path, models);
    }

    private sealed record Work(
        TrainingRequest Training, Configuration.ComponentCatalog Catalog, TrainerOptions Options, RunFolder Run, SeriesPlan Plan, SeriesObserver Observer, string ModelName);

    private static SegModel Train(Work work, int index, SegSplit split, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        SeriesMember member = work.Plan.Members[index];
        var run = new RunFolder(Path.Combine(work.Run.Path, member.Folder));
        bool begun = SeriesStart.HasBegun(run, work.ModelName);
        TrainingRequest request = work.Training with
        {
            OutputPath = run.Path, Seed = member.Seed, Split = split, Resume = begun, Force = begun && work.Training.Force,
        };
        work.Observer.Start(index);
        try
        {
            SegModel model = Trainer.Run(request, work.Catalog, work.Observer, work.Options, ct);
            SeriesStart.RequireSplit(model, split, run);
            return model;
        }
        catch (Exception e) when (e is SegException or OperationCanceledException)
        {
            work.Observer.Warning(string.Create(CultureInfo.InvariantCulture,
                $"The series stopped at {work.Observer.Where(index)}, with {index} of {work.Plan.Members.Count} models finished. "
                + $"-Resume with -OutputPath '{work.Run.Path}' goes on there."));
            throw;
        }
    }
}
