namespace MedSeg.Engine.Inference.Ensembles;

/// <summary>
/// A part of the split of an ensemble: each unit is predicted by the members that have it in this part of their own split. So a
/// test unit is predicted by those that have not seen it: after a cross-validation by the one that was trained without its fold.
/// </summary>
internal sealed class MemberSelection
{
    private readonly Dictionary<string, List<int>> _members = new(StringComparer.Ordinal);

    public MemberSelection(SegModel ensemble, SegSplitPart part)
    {
        for (var m = 0; m < ensemble.Members.Count; m++)
        {
            foreach (var unit in UnitsOf(ensemble.Members[m].Split, part))
            {
                if (!_members.TryGetValue(unit, out var members))
                    _members[unit] = members = [];
                members.Add(m);
            }
        }
    }

    /// <summary>Units that a model, or any member of an ensemble, has in a part of its split.</summary>
    public static IReadOnlyList<string> UnitsOf(SegModel model, SegSplitPart part) => model.Members.Count == 0
        ? UnitsOf(model.Split, part)
        : [.. model.Members.SelectMany(member => UnitsOf(member.Split, part)).Distinct(StringComparer.Ordinal)];

    /// <summary>Positions of the members that predict a unit, ascending; null where no member has it in the part.</summary>
    public IReadOnlyList<int>? Of(string? unit) => unit is null ? null : _members.GetValueOrDefault(unit);

    private static IReadOnlyList<string> UnitsOf(SegSplit split, SegSplitPart part) => part switch
    {
        SegSplitPart.Training => split.Training,
        SegSplitPart.Validation => split.Validation,
        _ => split.Test,
    };
}
