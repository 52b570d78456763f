namespace MedSeg.Engine.Bids.Checks;

/// <summary>
/// Images or labels that are the mirror image of another: the trace of a tool that turned voxels without the affine, or the affine
/// without the voxels. Symmetric ones say nothing.
/// </summary>
internal sealed class MirroredCopyCheck : IBidsCheck
{
    public static readonly FindingKind MirroredCopy = new(
        "MirroredCopy", FindingSeverity.Warning, "Find out which of the two has left and right in place, and correct or remove the other.");

    public IReadOnlyList<FindingKind> Kinds { get; } = [MirroredCopy];

    public IEnumerable<BidsFinding> OfAll(IReadOnlyList<CheckedFile> files)
    {
        // Each pair is met twice; the second file reports the first.
        var before = new Dictionary<(bool IsLabel, UInt128 Content), CheckedFile>();
        foreach (var file in files.Where(f => f is { Content: not null, Mirrored: not null, IsPicture: false }))
        {
            if (before.TryGetValue((file.IsLabel, file.Mirrored!.Value), out var other))
            {
                var name = other.Root == file.Root ? other.RelativePath : other.Path;
                yield return file.Report(MirroredCopy, $"has the voxels of {name} from left to right");
            }

            before.TryAdd((file.IsLabel, file.Content!.Value), file);
        }
    }
}
