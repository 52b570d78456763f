using MedSeg.Engine.Packaging.Ensembles;

namespace MedSeg.Engine.Inference.Ensembles;

/// <summary>Which members of an ensemble predict which inputs.</summary>
internal static class EnsembleParts
{
    /// <summary>
    /// Inputs by the members that predict them, in the order in which the members first occur; a single model, and an ensemble whose
    /// inputs name no members, is one part.
    /// </summary>
    /// <exception cref="SegException"><c>MemberUnknown</c>.</exception>
    public static IReadOnlyList<(SegModel Model, IReadOnlyList<PredictionPaths> Inputs)> Of(SegModel model, IReadOnlyList<PredictionPaths> inputs)
    {
        if (model.Members.Count == 0 || inputs.All(paths => paths.Input.Members is null))
            return [(model, inputs)];
        var all = Enumerable.Range(0, model.Members.Count).ToArray();
        return [.. inputs
            .GroupBy(paths => string.Join(' ', Checked(model, paths.Input.Members ?? all)), StringComparer.Ordinal)
            .Select(part => (EnsembleModel.Part(model, Checked(model, part.First().Input.Members ?? all)), (IReadOnlyList<PredictionPaths>)[.. part]))];
    }

    private static int[] Checked(SegModel model, IReadOnlyList<int> positions)
    {
        if (positions.Count > 0 && positions.All(position => position >= 0 && position < model.Members.Count))
            return [.. positions.Distinct().Order()];
        throw new SegException(
            "MemberUnknown", SegErrorKind.InvalidArgument,
            $"An input names the members {string.Join(", ", positions)} of {model.Name}, which has {model.Members.Count}.",
            "Name at least one of them by its position from 0, or none to take all.", model.Name);
    }
}
