namespace MedSeg.Engine.Configuration;

/// <summary>
/// Where a transform goes that is added by its key, which says nothing about order: first what makes pixels comparable, then
/// crops, which count in those pixels, then everything else, then the normalisation of what is left, and after it only
/// RandomShiftIntensity, whose shift a later normalisation would take out again.
/// </summary>
internal static class TransformOrder
{
    private static readonly string[] Crops = ["ROICrop", "BoundingBoxCrop", "CenterCrop"];

    /// <summary>Moves a transform that was added at the end before the first one that has to come after it.</summary>
    /// <param name="before">The transforms without it.</param>
    /// <param name="after">The same, perhaps with one more at the end.</param>
    public static TransformConfig[] PlaceAdded(TransformConfig[] before, TransformConfig[] after)
    {
        if (after.Length != before.Length + 1) return after;
        TransformConfig added = after[^1];
        List<TransformConfig> placed = [.. after[..^1]];
        int place = placed.FindIndex(t => Rank(t.Name) > Rank(added.Name));
        placed.Insert(place < 0 ? placed.Count : place, added);
        return [.. placed];
    }

    private static int Rank(string name) => name switch
    {
        "Resample" => 0,
        "NormalizeInstance" => 3,
        "RandomShiftIntensity" => 4,
        _ => Crops.Contains(name) ? 1 : 2,
    };
}
