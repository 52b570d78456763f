namespace MedSeg.Engine.Bids.Checks;

/// <summary>Datasets that mix radiological and neurological storage, or several orientations.</summary>
internal sealed class HandednessCheck : IBidsCheck
{
    public static readonly FindingKind HandednessMix = new(
        "HandednessMix", FindingSeverity.Warning,
        "Look at one image of each kind beside its original scan: here the affine puts left and right in place, "
        + "but a tool that ignores it mirrors one kind.");

    public static readonly FindingKind OrientationMix = new(
        "OrientationMix", FindingSeverity.Information,
        "Nothing here, since all images are turned to RAS; tools that ignore affines need one orientation.");

    public IReadOnlyList<FindingKind> Kinds { get; } = [HandednessMix, OrientationMix];

    public IEnumerable<BidsFinding> OfAll(IReadOnlyList<CheckedFile> files)
    {
        foreach (var root in files.Where(f => f.IsUsedImage && f is { IsPicture: false, Geometry: not null }).GroupBy(f => f.Root))
        {
            foreach (var contrast in root.GroupBy(f => f.Image!.Contrast))
            {
                var kinds = contrast.ToLookup(f => Handedness.IsRadiological(f.Geometry!));
                if (kinds.Count < 2)
                    continue;
                yield return HandednessMix.At(
                    root.Key,
                    $"{contrast.Key} images are stored in two ways that no rotation turns into each other. "
                    + $"Radiologically (x toward left where y is anterior and z superior): {Described(kinds[true])}. "
                    + $"Neurologically (x toward right): {Described(kinds[false])}.");
            }

            var orientations = root.GroupBy(f => f.Orientation)
                .OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).ToList();
            if (orientations.Count > 1)
            {
                var list = string.Join("; ", orientations.Select(Counted));
                yield return OrientationMix.At(root.Key, $"The images are stored in {orientations.Count} orientations: {list}.");
            }
        }
    }

    private static string Described(IEnumerable<CheckedFile> files)
    {
        var list = files.ToList();
        var codes = string.Join(", ", list.Select(f => f.Orientation).Distinct().Order(StringComparer.Ordinal));
        return $"{list.Count} as {codes}, namely {Names.Listed(list.ConvertAll(f => f.RelativePath))}";
    }

    private static string Counted(IGrouping<string, CheckedFile> group) =>
        $"{group.Key} {Names.Counted(group.Count(), "time")} (first {group.First().RelativePath})";
}
