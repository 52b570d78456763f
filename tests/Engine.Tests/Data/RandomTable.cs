using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Tests.Data;

/// <summary>A dataset of names drawn from a seed, with a split configuration that may or may not be possible for it.</summary>
internal sealed record RandomTable(BidsDataset Dataset, SegConfig Config)
{
    private static readonly string[] Methods = ["participant_id", "participant_id", "participant_id", "institution_id", "sample_id"];
    private static readonly string?[] Groups = [null, null, "institution_id", "participant_id", "sex", "sample_id"];
    private static readonly string?[] Balances = [null, "sex", "institution_id", "scanner", "nobody_has_it"];

    public static RandomTable Of(int seed, string? balance = null)
    {
        var random = new RandomStream(seed, 17);
        var people = Enumerable.Range(0, 1 + random.Next(40)).Select(i => $"sub-{i:00}").ToArray();
        var centers = 1 + random.Next(6);
        var rows = people.Select(id => new BidsParticipant(id, new Dictionary<string, string?>
        {
            ["institution_id"] = random.Next(20) == 0 ? null : $"c{random.Next(centers)}",
            ["sex"] = random.Next(15) == 0 ? null : random.Next(3) == 0 ? "M" : "F",
            ["scanner"] = $"s{random.Next(4)}",
        })).ToArray();
        var images = new List<BidsImage>();
        foreach (var id in people)
        {
            var samples = random.Next(3);
            var root = random.Next(2) == 0 ? "/one" : "/two";
            foreach (var contrast in new[] { "T1w", "T2w" })
            {
                for (var s = 0; s <= samples; s++)
                    images.Add(FakeDataset.Image(id, contrast, samples == 0 ? null : $"{id[4..]}{s}", random.Next(12) > 0, random.Next(9) == 0 ? "/two" : root));
            }
        }

        var dataset = FakeDataset.Of([.. images.DistinctBy(image => image.Path)], rows) with { Roots = ["/one", "/two"] };
        var train = random.Next(21);
        var test = random.Next(21 - train);
        var config = FakeDataset.Config(train / 20.0, test / 20.0, random.Next(1000));
        config.SplitDataset.SplitMethod = Methods[random.Next(Methods.Length)];
        config.SplitDataset.DataTesting.DataType = Groups[random.Next(Groups.Length)];
        config.SplitDataset.Balance = balance ?? Balances[random.Next(Balances.Length)];
        if (random.Next(3) == 0)
            config.SplitDataset.DataTesting.DataValue = Values(config.SplitDataset, people, random, centers);
        return new RandomTable(dataset, config);
    }

    /// <summary>The same files and rows, met in another order.</summary>
    public RandomTable Shuffled(int seed)
    {
        var random = new RandomStream(seed, 18);
        var images = Dataset.Images.ToArray();
        var rows = Dataset.Participants.ToArray();
        random.Shuffle<BidsImage>(images);
        random.Shuffle<BidsParticipant>(rows);
        return this with { Dataset = Dataset with { Images = images, Participants = rows, Roots = [.. Dataset.Roots.Reverse()] } };
    }

    private static string[] Values(SplitConfig split, string[] people, RandomStream random, int centers) =>
        (split.DataTesting.DataType ?? split.SplitMethod) switch
        {
            "institution_id" => [$"c{random.Next(centers)}"],
            "sex" => ["M"],
            "sample_id" => [$"{people[random.Next(people.Length)][4..]}0"],
            _ => [people[random.Next(people.Length)], people[random.Next(people.Length)]],
        };
}
