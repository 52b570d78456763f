namespace MedSeg.Engine.Tests.Data;

/// <summary>Datasets made of names only, for tests that read no file.</summary>
internal static class FakeDataset
{
    public const string Suffix = "_seg-manual";

    public static BidsDataset Of(int participants, string[]? contrasts = null, int centers = 1) => Of(
        [.. from i in Enumerable.Range(0, participants) from contrast in contrasts ?? ["T2w"] select Image($"sub-{i:00}", contrast)],
        [.. Enumerable.Range(0, participants).Select(i => new BidsParticipant(
            $"sub-{i:00}", new Dictionary<string, string?> { ["institution_id"] = $"c{i % centers}" }))]);

    public static BidsDataset Of(IReadOnlyList<BidsImage> images, IReadOnlyList<BidsParticipant>? participants = null) => new()
    {
        Roots = ["/data"],
        Name = "fake",
        Subjects = [.. images.GroupBy(i => i.Subject).Select(g => new BidsSubject(g.Key, null, [.. g]))],
        Images = images,
        Participants = participants ?? [],
    };

    public static BidsImage Image(
        string subject, string contrast, string? sample = null, bool labelled = true, string root = "/data", string extension = ".nii.gz")
    {
        var entities = new Dictionary<string, string>();
        if (sample is not null)
            entities["sample"] = sample;
        var stem = sample is null ? $"{subject}_{contrast}" : $"{subject}_sample-{sample}_{contrast}";
        return new BidsImage
        {
            Path = $"{root}/{subject}/anat/{stem}{extension}",
            Root = root,
            RelativePath = $"{subject}/anat/{stem}{extension}",
            Subject = subject,
            Entities = entities,
            Suffix = contrast.Split('_')[^1],
            Contrast = contrast,
            DataType = "anat",
            Extension = extension,
            Labels = labelled ? new Dictionary<string, string> { [Suffix] = $"{root}/derivatives/labels/{stem}{Suffix}{extension}" } : [],
        };
    }

    public static SegConfig Config(double train = 0.6, double test = 0.2, int seed = 6) => new()
    {
        LoaderParameters = { TargetSuffix = [Suffix] },
        SplitDataset = { TrainFraction = train, TestFraction = test, RandomSeed = seed },
    };
}
