namespace MedSeg.Engine.Bids.Checks;

/// <summary>Paths that differ in case only: two files here, one file after a copy to Windows or macOS.</summary>
internal sealed class CaseCollisionCheck : IBidsCheck
{
    public static readonly FindingKind CaseCollision = new(
        "CaseCollision", FindingSeverity.Warning,
        "Rename one of them: on Windows and macOS they are one file, and a copy there loses the other.");

    public IReadOnlyList<FindingKind> Kinds { get; } = [CaseCollision];

    public IEnumerable<BidsFinding> OfRoot(RootView root, CancellationToken ct)
    {
        var first = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in root.AllFiles)
        {
            var path = file.RelativePath;
            if (!first.TryAdd(path, path))
                yield return root.Report(CaseCollision, path, $"differs from {first[path]} in the case of letters only");
        }
    }
}
