using MedSeg.Engine.Packaging;
using static TorchSharp.torch;

namespace MedSeg.Engine.Training;

/// <summary>Goes on with a run whose settings have been changed.</summary>
internal static class ForcedResume
{
    /// <summary>Keys that change what a loss means.</summary>
    private static readonly string[] Loss = ["loss.", "class_weights", "balance_classes"];

    /// <summary>
    /// The checkpoint as one of the run with its new settings. The epoch under way begins again, because its batches may be others now;
    /// the weights and the optimiser stay as they are. Where the validation losses before and after cannot be compared, the best
    /// epoch is looked for anew.
    /// </summary>
    /// <param name="checkpoint">Its tensors become the result's.</param>
    /// <param name="differences">As <see cref="RunIdentityComparer.Differences"/> gives them.</param>
    public static Checkpoint Adapt(Checkpoint checkpoint, RunIdentity now, IReadOnlyList<string> differences)
    {
        RunPosition position = checkpoint.State.Position;
        bool comparable = differences.All(KeepsTheMeaningOfLosses);
        position = position with
        {
            NextBatch = 0,
            EpochSteps = 0,
            Pending = default,
            LossSum = 0,
            Samples = 0,
            BestLoss = comparable ? position.BestLoss : null,
            BestEpoch = comparable ? position.BestEpoch : position.Epoch - 1,
            EarlyStopping = comparable ? position.EarlyStopping : default,
            Changes = [.. position.Changes, .. differences.Select(line => new TrainingChange(position.Epoch, line))],
        };
        return checkpoint with { State = checkpoint.State with { Identity = now, Position = position } };
    }

    /// <summary>Refuses a checkpoint of another network or optimiser.</summary>
    /// <param name="tensors">Those of the session that is to take it up.</param>
    /// <exception cref="SegException"><c>ResumeMismatch</c> naming the first tensor that does not fit.</exception>
    public static void RequireSameTensors(Checkpoint checkpoint, IEnumerable<(string Name, Tensor Value)> tensors, string runPath)
    {
        Dictionary<string, Tensor> now = tensors.Where(t => !IsBest(t.Name)).ToDictionary(t => t.Name, t => t.Value);
        foreach (var (name, value) in now)
        {
            if (!checkpoint.Tensors.TryGetValue(name, out Tensor? saved)) throw Refuse($"has no '{name}'");
            if (!saved.shape.SequenceEqual(value.shape))
                throw Refuse($"has '{name}' as ({string.Join(',', saved.shape)}), the new settings as ({string.Join(',', value.shape)})");
        }

        if (checkpoint.Tensors.Keys.FirstOrDefault(name => !IsBest(name) && !now.ContainsKey(name)) is { } surplus)
            throw Refuse($"has '{surplus}', the new settings have not");

        SegException Refuse(string what) => new(
            "ResumeMismatch", SegErrorKind.InvalidArgument, $"The run in '{runPath}' cannot go on with the new settings, also not with -Force: its checkpoint {what}.",
            "Keep the network, its channels and classes and the optimiser as they were, or start a new run in another folder.", runPath);
    }

    private static bool KeepsTheMeaningOfLosses(string difference) =>
        difference.StartsWith("training_parameters.", StringComparison.Ordinal)
        && !Loss.Any(key => difference.StartsWith("training_parameters." + key, StringComparison.Ordinal));

    private static bool IsBest(string name) => name.StartsWith("best.", StringComparison.Ordinal);
}
