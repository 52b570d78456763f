using System.Globalization;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Packaging;
using static TorchSharp.torch;

namespace MedSeg.Engine.Training.Transfer;

/// <summary>Gives a network the weights of another model, layer by layer, by name and shape.</summary>
internal static class WeightTransfer
{
    private const int Shown = 10;

    /// <summary>What programs put before the names of all weights.</summary>
    private static readonly string[] Prefixes = ["", "module.", "model.", "_orig_mod."];

    /// <summary>Prepares a network that begins, or goes on, from another model; null where there is none.</summary>
    /// <param name="network">With its own first weights, on its device.</param>
    /// <param name="position">Where the run goes on; null where it begins.</param>
    /// <exception cref="SegException"><c>TransferMismatch</c>, <c>TransferNotFinite</c>, <c>ResumeMismatch</c>, or an error of the file.</exception>
    public static TransferRecord? Prepare(
        SegNetwork network, TransferSource? source, TransferLearningConfig settings, RunPosition? position, ISegObserver observer)
    {
        if (position is null) return source is null ? null : Begin(network, source, settings, observer);
        TransferRecord? record = position.Transfer;
        if (record is null && source is null) return null;
        if (record is null || source is null || (source.Sha256 is { } now && now != record.Sha256))
        {
            throw new SegException(
                "ResumeMismatch", SegErrorKind.InvalidArgument, "A run under way cannot begin from another model, also not with -Force.",
                "Keep training_parameters.transfer_learning.retrain_model and its file as they were, or start a new run in another folder.");
        }

        return record with { Frozen = FrozenLayers.Freeze(network, settings.RetrainFraction, record.Fresh) };
    }

    private static TransferRecord Begin(SegNetwork network, TransferSource source, TransferLearningConfig settings, ISegObserver observer)
    {
        if (source.Weights is null) throw TransferSource.Gone(source.Configured);
        using var scope = NewDisposeScope();
        return Apply(network, source.Read(), settings, source, observer);
    }

    /// <summary>Takes over every layer whose name and shapes fit, and freezes the first ones.</summary>
    /// <param name="weights">By name.</param>
    internal static TransferRecord Apply(
        SegNetwork network, IReadOnlyDictionary<string, Tensor> weights, TransferLearningConfig settings, TransferSource source, ISegObserver observer)
    {
        IReadOnlyList<NetworkLayer> layers = NetworkLayer.Of(network);
        string prefix = Prefixes.MaxBy(p => layers.Count(layer => weights.ContainsKey(p + layer.Parameters[0].Name)))!;
        Tensor? Find(string name) => weights.GetValueOrDefault(prefix + name);
        (NetworkLayer Layer, string? Problem)[] matches = [.. layers.Select(layer => (layer, Problem(layer, Find)))];
        (NetworkLayer Layer, string? Problem)[] fresh = [.. matches.Where(m => m.Problem is not null)];
        Report(source, layers.Count, [.. fresh.Select(m => m.Problem!)], observer);

        string[] freshNames = [.. fresh.Select(m => m.Layer.Name)];
        IReadOnlyList<string> frozen = FrozenLayers.Freeze(network, settings.RetrainFraction, freshNames);
        NetworkLayer[] taken = [.. matches.Where(m => m.Problem is null && (!settings.Reset || frozen.Contains(m.Layer.Name))).Select(m => m.Layer)];
        foreach (NetworkLayer layer in taken) Copy(layer, Find, source.Configured);
        observer.Verbose(string.Create(CultureInfo.InvariantCulture,
            $"{taken.Length} of {layers.Count} layers begin with the weights of '{source.Configured}'; {frozen.Count} of them are not trained."));
        return new TransferRecord(source.Configured, source.Sha256 ?? "", [.. taken.Select(layer => layer.Name)], freshNames, frozen);
    }

    /// <summary>Why a layer cannot be taken over, with both shapes; null when it can.</summary>
    private static string? Problem(NetworkLayer layer, Func<string, Tensor?> find)
    {
        foreach (var (name, value) in layer.Needed)
        {
            if (find(name) is not { } other) return $"'{name}' [{string.Join(',', value.shape)}] is missing";
            if (!other.shape.AsSpan().SequenceEqual(value.shape)) return $"'{name}' is [{string.Join(',', other.shape)}], here [{string.Join(',', value.shape)}]";
            if (!other.is_floating_point()) return $"'{name}' holds whole numbers";
        }

        return null;
    }

    /// <summary>Fewer than half of the layers are another network, not another number of channels or classes.</summary>
    private static void Report(TransferSource source, int layers, string[] problems, ISegObserver observer)
    {
        if (problems.Length == 0) return;
        string more = problems.Length > Shown ? string.Create(CultureInfo.InvariantCulture, $"; and {problems.Length - Shown} more") : "";
        string list = string.Join("; ", problems.Take(Shown)) + more;
        string count = string.Create(CultureInfo.InvariantCulture, $"{problems.Length} of {layers} layers");
        if (2 * (layers - problems.Length) < layers)
        {
            throw new SegException(
                "TransferMismatch", SegErrorKind.InvalidData, $"'{source.Configured}' is another network: {count} do not fit: {list}.",
                "Configure the architecture that the model has (default_model, depth, n_filters), or give another model.", source.Configured);
        }

        observer.Warning($"{count} do not fit '{source.Configured}' and begin with fresh weights: {list}.");
    }

    private static void Copy(NetworkLayer layer, Func<string, Tensor?> find, string source)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, target) in layer.Parameters.Concat(layer.Buffers))
        {
            if (find(name) is not { } value || !value.shape.AsSpan().SequenceEqual(target.shape)) continue;
            target.copy_(value);
            // Looked for in the copy, since a float64 may be too large for it.
            if (target.is_floating_point() && !target.isfinite().all().item<bool>())
            {
                throw new SegException("TransferNotFinite", SegErrorKind.InvalidData, $"'{source}' has values in '{name}' that are NaN, infinite or too large for float32.",
                    "Give another model; this one is spoilt.", source);
            }
        }
    }
}
