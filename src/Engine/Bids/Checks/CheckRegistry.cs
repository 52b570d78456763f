namespace MedSeg.Engine.Bids.Checks;

/// <summary>The checks of Test-BidsDataset.</summary>
internal static class CheckRegistry
{
    public static IReadOnlyList<IBidsCheck> All { get; } =
    [
        new NameCaseCheck(),
        new NameCharactersCheck(),
        new CaseCollisionCheck(),
        new EntityCheck(),
        new SuffixCheck(),
        new UnreadFormatCheck(),
        new SidecarCheck(),
        new JsonKeyCheck(),
        new PlaceholderCheck(),
        new PersonalDataCheck(),
        new SampleTableCheck(),
        new LabelCoverageCheck(),
        new LabelPlaceCheck(),
        new FileFormatCheck(),
        new GzipLengthCheck(),
        new FormsCheck(),
        new ChannelCountCheck(),
        new VoxelSizeCheck(),
        new LabelDirectionCheck(),
        new LabelOffsetCheck(),
        new ContrastGridCheck(),
        new HandednessCheck(),
        new VoxelSizeSpreadCheck(),
        new SharedSubjectCheck(),
        new VoxelsUnreadableCheck(),
        new NotFiniteCheck(),
        new ConstantImageCheck(),
        new ZeroSlicesCheck(),
        new MaskExtentCheck(),
        new MaskValuesCheck(),
        new LabelCopyCheck(),
        new DuplicateImageCheck(),
        new DuplicateLabelCheck(),
        new MirroredCopyCheck(),
    ];

    /// <summary>What the checks report beyond what the import does.</summary>
    public static IEnumerable<FindingKind> Kinds => All.SelectMany(c => c.Kinds);
}
