using MedSeg.Engine.Packaging;
using MedSeg.Engine.Packaging.Ensembles;

namespace MedSeg.Engine.Training.Series;

/// <summary>Decides what a series of trainings into a folder may do with what lies there.</summary>
internal static class SeriesStart
{
    /// <summary>
    /// Names of the run folders of a series, in the order in which they are trained; empty where a single training is asked for. A series
    /// is asked for by several seeds, by folds, or by continuing one without saying which.
    /// </summary>
    /// <exception cref="SegException">See <see cref="PlanOf"/>.</exception>
    public static IReadOnlyList<string> RunsOf(string path, string modelName, IReadOnlyList<int> seeds, int? folds, bool resume) =>
        seeds.Count > 1 || folds is not null || (resume && seeds.Count == 0 && File.Exists(new RunFolder(path).Series))
            ? [.. PlanOf(path, modelName, seeds, folds, resume).Members.Select(member => member.Folder)]
            : [];

    /// <summary>What is to be trained; what is not said is as in the series that is continued.</summary>
    /// <exception cref="SegException"><c>NothingToResume</c>, <c>RunExists</c>, or an error of <see cref="SeriesPlan"/>.</exception>
    public static SeriesPlan PlanOf(string path, string modelName, IReadOnlyList<int> seeds, int? folds, bool resume)
    {
        var run = new RunFolder(path);
        if (!resume) return SeriesPlan.Of(seeds, folds);
        if (!File.Exists(run.Series))
        {
            RunStart.RequireSomethingToResume(path, modelName);
            throw Taken(run, $"'{run.Path}' holds a single training", "Continue it with -Resume and without -Fold and several seeds, or choose another -OutputPath for the series.");
        }

        SeriesPlan then = SeriesPlan.Read(run.Series);
        return SeriesPlan.Of(seeds.Count > 0 ? seeds : then.Seeds, folds ?? then.Folds);
    }

    /// <summary>Refuses to overwrite what is there, and to continue a series of other trainings. Only for the holder of the lock.</summary>
    /// <exception cref="SegException"><c>RunExists</c>, <c>ResumeMismatch</c>, <c>ModelFolderTaken</c>.</exception>
    public static void RequireRoom(RunFolder run, SeriesPlan plan, string modelName, TrainingRequest training, ISegObserver observer)
    {
        if (!File.Exists(run.Series))
        {
            RequireEmpty(run, plan, modelName);
            return;
        }

        if (!training.Resume)
            throw Taken(run, $"'{run.Path}' holds a series of trainings", "Continue it with -Resume, or choose another -OutputPath.");
        SeriesPlan then = SeriesPlan.Read(run.Series);
        IReadOnlyList<string> differences = then.DifferencesTo(plan);
        if (differences.Count == 0) return;
        bool mayForce = then.Folds == plan.Folds && (then.Folds is null || (then.Seeds.Count > 1 && plan.Seeds.Count > 1));
        if (!training.Force || !mayForce)
        {
            throw new SegException(
                "ResumeMismatch", SegErrorKind.InvalidArgument,
                $"The series in '{run.Path}' was started with other models:{RunIdentityComparer.List(differences)}",
                mayForce
                    ? "Resume without -Seed and -Fold, add or leave out seeds with -Force, or start a new series in another folder."
                    : "Resume without -Seed and -Fold, or start a new series in another folder.",
                run.Path);
        }

        observer.Warning($"The series in '{run.Path}' goes on with other models:{RunIdentityComparer.List(differences)}");
    }

    /// <summary>Whether a training in a run folder has left anything to continue from.</summary>
    public static bool HasBegun(RunFolder run, string modelName) =>
        new CheckpointStore(run.Checkpoints).Any() || ModelPackage.Exists(run.Model(modelName));

    /// <summary>
    /// A finished model whose checkpoints were removed must still be of the same split: the dataset may have grown.
    /// </summary>
    /// <exception cref="SegException"><c>ResumeMismatch</c>.</exception>
    public static void RequireSplit(SegModel model, SegSplit split, RunFolder run)
    {
        if (model.Split.Training.SequenceEqual(split.Training) && model.Split.Validation.SequenceEqual(split.Validation) && model.Split.Test.SequenceEqual(split.Test))
            return;
        throw new SegException(
            "ResumeMismatch", SegErrorKind.InvalidArgument, $"The model in '{run.Path}' was trained with another split than the dataset and the configuration give now.",
            "Continue with the dataset and the split_dataset of its beginning, or start a new series in another folder.", run.Path);
    }

    private static void RequireEmpty(RunFolder run, SeriesPlan plan, string modelName)
    {
        RunStart.RequireRoom(run, new CheckpointStore(run.Checkpoints), modelName, resume: false);
        if (File.Exists(Path.Combine(run.Path, EnsembleManifest.FileName)))
            throw Taken(run, $"'{run.Path}' holds an ensemble", "Choose another -OutputPath.");
        foreach (SeriesMember member in plan.Members)
        {
            var below = new RunFolder(Path.Combine(run.Path, member.Folder));
            if (Directory.Exists(below.Path)) RunStart.RequireRoom(below, new CheckpointStore(below.Checkpoints), modelName, resume: false);
        }
    }

    private static SegException Taken(RunFolder run, string what, string recommendation) =>
        new("RunExists", SegErrorKind.Resource, what + ".", recommendation, run.Path);
}
