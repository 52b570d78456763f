namespace MedSeg.Engine.Bids.Checks;

/// <summary>Images of samples that samples.tsv does not list; rows without images are the import's to report.</summary>
internal sealed class SampleTableCheck : IBidsCheck
{
    private const string FileName = "samples.tsv";

    public static readonly FindingKind SampleNotInTable = new(
        "SampleNotInTable", FindingSeverity.Warning,
        "Add a row for the sample to samples.tsv, or correct the name of the file or the row.");

    public IReadOnlyList<FindingKind> Kinds { get; } = [SampleNotInTable];

    public IEnumerable<BidsFinding> OfRoot(RootView root, CancellationToken ct)
    {
        if (!root.Tree.RootFiles.Exists(f => f.Name == FileName))
            yield break;
        var rows = new SampleIndex(DatasetTables.ReadSamples(root.Root, root.Tree, []));
        var seen = new HashSet<(string? Subject, string Sample)>();
        foreach (var file in root.Tree.RawFiles)
        {
            var extension = ImageNames.ExtensionOf(file.Name);
            if (extension.Length == 0 || BidsName.Parse(file.Name[..^extension.Length], out _) is not { Subject: { } subject } name)
                continue;
            if (name.Entities.TryGetValue("sample", out var sample) && seen.Add((subject, sample)) && rows.Find(subject, sample) is null)
            {
                yield return root.Report(
                    SampleNotInTable, file.RelativePath, $"is of sample-{sample} of {subject}, which {FileName} does not list");
            }
        }
    }
}
