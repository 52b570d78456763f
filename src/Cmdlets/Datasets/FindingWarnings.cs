using System.Globalization;

namespace MedSeg.Cmdlets.Datasets;

/// <summary>Turns the findings of a dataset into few warnings.</summary>
internal static class FindingWarnings
{
    private const int ShownOfEachKind = 3;

    /// <summary>The first findings of each kind that is a warning or an error, and how many more there are.</summary>
    public static IEnumerable<string> Of(BidsDataset dataset)
    {
        var serious = dataset.Findings.Where(f => f.Severity != FindingSeverity.Information);
        foreach (var kind in serious.GroupBy(f => f.Id).OrderByDescending(g => g.First().Severity).ThenBy(g => g.Key, StringComparer.Ordinal))
        {
            foreach (BidsFinding finding in kind.Take(ShownOfEachKind))
                yield return $"{finding.Id}: {finding.Message} {finding.Recommendation}";
            int more = kind.Count() - ShownOfEachKind;
            if (more > 0)
                yield return string.Create(CultureInfo.InvariantCulture, $"{kind.Key}: {more} more; the Findings property of the dataset has all.");
        }
    }
}
