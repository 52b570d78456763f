namespace MedSeg.Engine.Bids.Checks;

/// <summary>The rows of one root's participants.tsv; the import's dataset mixes those of several roots.</summary>
internal static class ParticipantRows
{
    public const string FileName = "participants.tsv";

    public static IReadOnlyList<BidsParticipant> Of(RootView root, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (root.Dataset.Roots.Count == 1)
            return root.Dataset.Participants;
        return DatasetTables.ReadParticipants(root.Root, root.Tree, []);
    }
}
