using System.Globalization;
using MedSeg.Engine.Packaging;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Training;

/// <summary>Decides what a training into a folder may do with what lies there.</summary>
internal static class RunStart
{
    /// <summary>Creates the run folder where it is missing.</summary>
    /// <exception cref="SegException"><c>CannotWrite</c>.</exception>
    public static RunFolder Prepare(string path)
    {
        try
        {
            return new RunFolder(Directory.CreateDirectory(path).FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new SegException("CannotWrite", SegErrorKind.Resource, $"The run folder '{path}' could not be created: {e.Message}",
                "Choose a folder you may write to with -OutputPath.", path, e);
        }
    }

    /// <summary>Refuses to continue where there is nothing, before a folder is created.</summary>
    /// <exception cref="SegException"><c>NothingToResume</c>.</exception>
    public static void RequireSomethingToResume(string path, string modelName)
    {
        var run = new RunFolder(path);
        if (!Path.Exists(run.Lock) && !Path.Exists(run.Model(modelName)) && !new CheckpointStore(run.Checkpoints).Any()) throw Nothing(path);
    }

    /// <summary>Removes what a killed process had not finished writing. Only for the holder of the lock.</summary>
    public static void RemoveLeftovers(RunFolder run, ISegObserver observer)
    {
        foreach (string entry in Directory.EnumerateFileSystemEntries(run.Path, "*.tmp").Where(IsTemporary).ToList())
        {
            if (FileRetry.TryDelete(entry) is { } reason) observer.Verbose($"'{entry}' of an earlier training could not be removed: {reason}");
        }
    }

    /// <summary>Refuses to overwrite an earlier run, and to continue where there is none.</summary>
    /// <exception cref="SegException"><c>RunExists</c>, <c>NothingToResume</c>, <c>ModelFolderTaken</c>.</exception>
    public static void RequireRoom(RunFolder run, CheckpointStore checkpoints, string modelName, bool resume)
    {
        if (File.Exists(run.Series))
        {
            throw Exists(run, $"'{run.Path}' holds a series of trainings",
                "-Resume without -Seed and -Fold continues it; for a single training choose another -OutputPath.");
        }

        string model = run.Model(modelName);
        if (ModelPackage.Exists(model))
        {
            if (!resume) throw Exists(run, $"'{run.Path}' holds the finished model '{modelName}'", "-Resume returns that model; for a new one choose another -OutputPath.");
            return;
        }

        if (Path.Exists(model))
        {
            throw new SegException("ModelFolderTaken", SegErrorKind.Resource, $"The model is to be written to '{model}', which exists and is not a model.",
                "Move it away, or choose another -OutputPath or model_name.", model);
        }

        if (!resume && FinishedModel(run) is { } other)
        {
            throw Exists(run, $"'{run.Path}' holds the finished model '{other}' of another training",
                $"A run folder is for one training: choose another -OutputPath for '{modelName}'.");
        }

        if (checkpoints.Any() && !resume)
            throw Exists(run, $"'{run.Path}' holds an unfinished training", "Continue it with -Resume, or choose another -OutputPath.");
        if (!checkpoints.Any() && resume) throw Nothing(run.Path);
    }

    /// <summary>The newest whole checkpoint of the same run; null when a new run starts.</summary>
    /// <param name="request">Without a seed of its own it goes on with that of the run; with Force, with other settings.</param>
    /// <param name="finished">The model is there: its settings cannot be changed any more.</param>
    /// <exception cref="SegException"><c>ResumeMismatch</c>, <c>CheckpointDamaged</c>.</exception>
    public static Checkpoint? Continue(
        RunFolder run, CheckpointStore checkpoints, RunIdentity identity, TrainingRequest request, bool finished, ISegObserver observer)
    {
        Checkpoint? checkpoint = checkpoints.Latest(observer.Warning);
        if (checkpoint is null) return null;
        try
        {
            RunIdentity then = checkpoint.State.Identity;
            RunIdentity now = RunIdentityMaker.WithHashOfGoneModel(request.Seed is null ? identity with { Seed = then.Seed } : identity, then);
            if (!request.Force || finished) RunIdentityComparer.RequireSame(then, now, run.Path, mayForce: !finished);
            checkpoint = Accept(checkpoint, now, run, observer);
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }

        RunPosition position = checkpoint.State.Position;
        observer.Verbose(string.Create(CultureInfo.InvariantCulture, $"Continuing in epoch {position.Epoch} after batch {position.NextBatch}."));
        return checkpoint;
    }

    private static Checkpoint Accept(Checkpoint checkpoint, RunIdentity now, RunFolder run, ISegObserver observer)
    {
        IReadOnlyList<string> differences = RunIdentityComparer.Differences(checkpoint.State.Identity, now);
        if (differences.Count == 0) return checkpoint;
        observer.Warning(string.Create(CultureInfo.InvariantCulture,
            $"The run in '{run.Path}' goes on at the beginning of epoch {checkpoint.State.Position.Epoch} with other settings:{RunIdentityComparer.List(differences)}"));
        return ForcedResume.Adapt(checkpoint, now, differences);
    }

    /// <summary>The name of a packaged model in the run folder, or null.</summary>
    private static string? FinishedModel(RunFolder run) =>
        Path.GetFileName(Directory.EnumerateDirectories(run.Path).Where(folder => !IsTemporary(folder)).Order(StringComparer.Ordinal).FirstOrDefault(ModelPackage.Exists));

    /// <summary>NAME.GUID.tmp, as atomic files and packages are called before they are complete.</summary>
    private static bool IsTemporary(string path) =>
        Path.GetFileName(path).Split('.') is [.., var id, "tmp"] && Guid.TryParseExact(id, "N", out _);

    private static SegException Nothing(string path) => new(
        "NothingToResume", SegErrorKind.NotFound, $"There is no checkpoint to resume from in '{path}'.",
        "Check -OutputPath; without -Resume a new training is started.", path);

    private static SegException Exists(RunFolder run, string what, string recommendation) =>
        new("RunExists", SegErrorKind.Resource, what + ".", recommendation, run.Path);
}
