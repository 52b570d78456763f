namespace MedSeg.Engine.Bids.Checks;

/// <summary>Files of equal content.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Others">The others, as a text.</param>
/// <param name="Subjects">How many subjects they are of; one name is one subject, in whatever dataset.</param>
internal sealed record Copies(CheckedFile First, string Others, int Subjects)
{
    /// <summary>
    /// Groups of at least two, in the order of their first file. Images and masks of one value say nothing and are left out.
    /// </summary>
    public static IEnumerable<Copies> Among(IEnumerable<CheckedFile> files)
    {
        foreach (var group in files.Where(f => f.Content is not null).GroupBy(f => f.Content!.Value))
        {
            var equal = group.ToList();
            if (equal.Count < 2)
                continue;
            var inOneRoot = equal.TrueForAll(f => f.Root == equal[0].Root);
            var others = Names.Listed(equal.Skip(1).Select(f => inOneRoot ? f.RelativePath : f.Path).ToList());
            yield return new Copies(equal[0], others, equal.Select(f => f.Subject).Distinct(StringComparer.Ordinal).Count());
        }
    }
}
