using MedSeg.Engine.Configuration;
using MedSeg.Engine.Data;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Transforms;
using Xunit;

namespace MedSeg.Engine.Tests.Data;

public class SplitMakerTests
{
    /// <summary>The reference's names, in the order of its counts.</summary>
    private static readonly string[] Sets = ["train", "valid", "test"];

    [Theory]
    [InlineData(3, 0.6, 0.2, 1, 1, 1)]
    [InlineData(10, 0.6, 0.2, 6, 2, 2)]
    [InlineData(5, 0.6, 0.2, 3, 1, 1)]
    [InlineData(10, 0.8, 0.2, 8, 0, 2)]
    [InlineData(11, 0.8, 0.2, 9, 0, 2)]
    [InlineData(10, 0.7, 0.0, 7, 3, 0)]
    [InlineData(1, 1.0, 0.0, 1, 0, 0)]
    [InlineData(2, 0.5, 0.5, 1, 0, 1)]
    [InlineData(4, 0.9, 0.05, 2, 1, 1)]
    public void Sizes_follow_the_documented_rounding(int n, double train, double test, int training, int validation, int testing)
    {
        var split = SplitMaker.Make(FakeDataset.Of(n), FakeDataset.Config(train, test));
        Assert.Equal((training, validation, testing), (split.Training.Count, split.Validation.Count, split.Test.Count));
    }

    [Fact]
    public void Every_participant_is_in_exactly_one_set_whatever_the_seed_and_the_number()
    {
        for (var n = 3; n < 30; n++)
        {
            var split = SplitMaker.Make(FakeDataset.Of(n, ["T1w", "T2w"]), FakeDataset.Config(seed: n));
            Assert.Equal(
                Enumerable.Range(0, n).Select(i => $"sub-{i:00}"),
                split.Training.Concat(split.Validation).Concat(split.Test).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Order_of_files_does_not_matter_and_the_seed_does()
    {
        var dataset = FakeDataset.Of(12);
        var reversed = dataset with { Images = [.. dataset.Images.Reverse()], Participants = [.. dataset.Participants.Reverse()] };
        var split = SplitMaker.Make(dataset, FakeDataset.Config());
        Assert.Equal(split.Training, SplitMaker.Make(reversed, FakeDataset.Config()).Training);
        Assert.Equal(split.Test, SplitMaker.Make(reversed, FakeDataset.Config()).Test);
        Assert.NotEqual(
            split.Training.Concat(split.Test),
            SplitMaker.Make(dataset, FakeDataset.Config(seed: 7)) is var other ? other.Training.Concat(other.Test) : []);
    }

    [Fact]
    public void Each_participant_comes_into_the_test_set_about_equally_often()
    {
        var counts = new int[5];
        for (var seed = 0; seed < 1000; seed++)
        {
            foreach (var id in SplitMaker.Make(FakeDataset.Of(5), FakeDataset.Config(seed: seed)).Test)
                counts[id[^1] - '0']++;
        }

        Assert.All(counts, n => Assert.InRange(n, 150, 250));
    }

    [Theory]
    [InlineData("sub-03")]
    [InlineData("03")]
    public void Named_participants_are_held_out(string value)
    {
        var config = FakeDataset.Config();
        config.SplitDataset.DataTesting.DataType = "participant_id";
        config.SplitDataset.DataTesting.DataValue = [value, "sub-zz"];
        var warnings = new List<string>();
        var split = SplitMaker.Make(FakeDataset.Of(5), config, warnings.Add);
        Assert.Equal(["sub-03"], split.Test);
        Assert.Equal((3, 1), (split.Training.Count, split.Validation.Count));
        Assert.Contains(warnings, w => w.Contains("sub-zz", StringComparison.Ordinal));
    }

    [Fact]
    public void Whole_centers_are_held_out()
    {
        var config = FakeDataset.Config();
        config.SplitDataset.DataTesting.DataType = "institution_id";
        var split = SplitMaker.Make(FakeDataset.Of(12, centers: 3), config);
        var center = int.Parse(split.Test[0][4..], System.Globalization.CultureInfo.InvariantCulture) % 3;
        Assert.Equal(Enumerable.Range(0, 12).Where(i => i % 3 == center).Select(i => $"sub-{i:00}"), split.Test);
    }

    [Theory]
    [InlineData("""{"method": "per_center", "center_test": ["c1", "c2"]}""", "sub-01 sub-02 sub-04 sub-05 sub-07 sub-08 sub-10 sub-11")]
    [InlineData("""{"method": "per_patient", "center_test": ["c1"]}""", null)]
    [InlineData("""{"method": "per_center", "center_test": []}""", null)]
    public void The_names_of_2020_mean_the_same(string split, string? test)
    {
        var config = ConfigReader.Parse($$"""{"loader_parameters": {"target_suffix": ["{{FakeDataset.Suffix}}"]}, "split_dataset": {{split}}}""", "c.json", SegEngine.Catalog, _ => { });
        var made = SplitMaker.Make(FakeDataset.Of(12, centers: 3), config);
        if (test is not null)
            Assert.Equal(test, string.Join(' ', made.Test));
        else if (config.SplitDataset.DataTesting.DataType is not null)
            Assert.Single(made.Test.Select(id => Number(id) % 3).Distinct());
        else
            Assert.Equal(2, made.Test.Count);
        Assert.Equal(12 - made.Test.Count, made.Training.Count + made.Validation.Count);
    }

    [Fact]
    public void A_participant_whose_samples_span_test_groups_goes_to_the_test_set_whole()
    {
        BidsImage[] images =
        [
            FakeDataset.Image("sub-1", "SEM", "a"), FakeDataset.Image("sub-1", "SEM", "b"),
            FakeDataset.Image("sub-2", "SEM", "c"), FakeDataset.Image("sub-3", "SEM", "d"),
        ];
        var config = FakeDataset.Config();
        config.SplitDataset.DataTesting.DataType = "sample_id";
        config.SplitDataset.DataTesting.DataValue = ["sample-b"];
        Assert.Equal(["sub-1"], SplitMaker.Make(FakeDataset.Of(images), config).Test);
    }

    [Fact]
    public void Samples_can_be_the_units_and_are_selected_by_their_id()
    {
        BidsImage[] images = [.. "abcdef".Select(c => FakeDataset.Image("sub-1", "SEM", c.ToString()))];
        var config = FakeDataset.Config();
        config.SplitDataset.SplitMethod = "sample_id";
        var dataset = FakeDataset.Of(images);
        var split = SplitMaker.Make(dataset, config);
        Assert.Equal((3, 2, 1), (split.Training.Count, split.Validation.Count, split.Test.Count));
        Assert.Equal(
            split.Training, ImageSelector.Select(dataset, split, config, DatasetParts.Training).Select(i => $"sample-{i.Sample}"));
    }

    [Theory]
    [InlineData(2, 0.6, 0.2, "TooFewParticipants")]
    [InlineData(1, 0.8, 0.2, "TooFewParticipants")]
    [InlineData(5, 0.9, 0.2, "SplitFractions")]
    [InlineData(5, -0.1, 0.2, "SplitFractions")]
    [InlineData(5, 0.6, double.NaN, "SplitFractions")]
    [InlineData(1, 0.0, 0.5, "TooFewParticipants")]
    [InlineData(0, 0.6, 0.2, "NoUsableImages")]
    public void Impossible_splits_say_what_to_do(int n, double train, double test, string errorId)
    {
        var error = Assert.Throws<SegException>(() => SplitMaker.Make(FakeDataset.Of(n), FakeDataset.Config(train, test)));
        Assert.Equal(errorId, error.ErrorId);
        Assert.NotEmpty(error.Recommendation);
    }

    [Fact]
    public void Unknown_columns_and_values_are_named()
    {
        var config = FakeDataset.Config();
        config.SplitDataset.SplitMethod = "scanner";
        Assert.Equal("SplitColumnMissing", Assert.Throws<SegException>(() => SplitMaker.Make(FakeDataset.Of(4), config)).ErrorId);
        config = FakeDataset.Config();
        config.SplitDataset.DataTesting.DataValue = ["nobody"];
        Assert.Equal("SplitValueUnknown", Assert.Throws<SegException>(() => SplitMaker.Make(FakeDataset.Of(4), config)).ErrorId);
    }

    [Theory]
    [InlineData(null, null, "01 03 05 07 08 09 | 02 10 | 04 06")]
    [InlineData("institution_id", null, "04 05 06 08 09 10 | 01 03 | 02 07")]
    [InlineData(null, "institution_id", "01 02 03 04 09 10 | 06 08 | 05 07")]
    public void The_worked_example_of_the_documentation_is_true(string? dataType, string? balance, string expected)
    {
        var ids = Enumerable.Range(1, 10).Select(i => $"sub-{i:00}").ToArray();
        var config = FakeDataset.Config();
        config.SplitDataset.DataTesting.DataType = dataType;
        config.SplitDataset.Balance = balance;
        var split = SplitMaker.Make(
            FakeDataset.Of(
                [.. ids.Select(id => FakeDataset.Image(id, "T2w"))],
                [.. ids.Select((id, i) => new BidsParticipant(id, new Dictionary<string, string?> { ["institution_id"] = "abcde"[i % 5].ToString() }))]),
            config);
        var sets = new[] { split.Training, split.Validation, split.Test }.Select(set => string.Join(' ', set.Select(id => id[4..])));
        Assert.Equal(expected, string.Join(" | ", sets));
    }

    [Fact]
    public void One_participant_of_several_roots_is_one_unit()
    {
        BidsImage[] images = [.. from i in Enumerable.Range(0, 6) from root in new[] { "/one", "/two" } select FakeDataset.Image($"sub-{i:00}", "T2w", root: root)];
        var split = SplitMaker.Make(FakeDataset.Of(images) with { Roots = ["/one", "/two"] }, FakeDataset.Config());
        Assert.Equal((3, 2, 1), (split.Training.Count, split.Validation.Count, split.Test.Count));
        Assert.Equal(6, ImageSelector.Select(FakeDataset.Of(images), split, FakeDataset.Config(), DatasetParts.Training).Count);
    }

    [Fact]
    public void Only_participants_with_all_channels_are_divided()
    {
        var config = FakeDataset.Config();
        config.LoaderParameters.Multichannel = true;
        config.LoaderParameters.ContrastParams.TrainingValidation = ["T1w", "T2w"];
        var dataset = FakeDataset.Of([.. FakeDataset.Of(6, ["T1w", "T2w"]).Images, FakeDataset.Image("sub-77", "T1w"), FakeDataset.Image("sub-88", "T2w")]);
        var warnings = new List<string>();
        var split = SplitMaker.Make(dataset, config, warnings.Add);
        Assert.Equal((3, 2, 1), (split.Training.Count, split.Validation.Count, split.Test.Count));
        Assert.Contains("sub-77, sub-88", Assert.Single(warnings), StringComparison.Ordinal);
        var error = Assert.Throws<SegException>(() => SplitMaker.Make(FakeDataset.Of(3, ["T1w"]), config));
        Assert.Equal("NoUsableImages", error.ErrorId);
        Assert.Contains("channels", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Participants_whom_a_finer_column_puts_into_two_sets_are_named()
    {
        var dataset = FakeDataset.Of([FakeDataset.Image("sub-01", "T2w", "a"), FakeDataset.Image("sub-01", "T2w", "b"), FakeDataset.Image("sub-02", "T2w", "c")]);
        var config = FakeDataset.Config(0.4, 0.3);
        var warnings = new List<string>();
        SplitMaker.Make(FakeDataset.Of(6), config, warnings.Add);
        Assert.Empty(warnings);
        config.SplitDataset.SplitMethod = "sample_id";
        SplitMaker.Make(dataset, config, warnings.Add);
        Assert.StartsWith("1 participant(s) have images in more than one set, because the split is made by sample_id: sub-01.", Assert.Single(warnings), StringComparison.Ordinal);
    }

    /// <summary>One name in two roots is one person, whatever the tables of the roots say.</summary>
    [Fact]
    public void A_participant_of_two_roots_with_other_centres_is_named()
    {
        var images = from root in (string[])["/a", "/b"] from i in Enumerable.Range(0, 2) select FakeDataset.Image($"sub-{i:00}", "T2w", root: root) with
        {
            Columns = new Dictionary<string, string?> { ["institution_id"] = root },
        };
        var config = FakeDataset.Config(0.5, 0.5);
        config.SplitDataset.SplitMethod = "institution_id";
        var warnings = new List<string>();
        SplitMaker.Make(FakeDataset.Of([.. images]), config, warnings.Add);
        Assert.Contains("2 participant(s)", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_region_of_interest_that_nobody_has_is_named()
    {
        var config = FakeDataset.Config();
        (config.LoaderParameters.RoiParams.Suffix, config.LoaderParameters.RoiParams.SliceFilterRoi) = ("_cord", 3);
        var error = Assert.Throws<SegException>(() => SplitMaker.Make(FakeDataset.Of(6), config));
        Assert.Equal("NoUsableImages", error.ErrorId);
        Assert.Contains("a label _seg-manual and the region of interest _cord", error.Message, StringComparison.Ordinal);
        Assert.Contains("roi_params", error.Recommendation, StringComparison.Ordinal);
    }

    private static int Number(string id) => int.Parse(id[4..], System.Globalization.CultureInfo.InvariantCulture);

    [SharedFact]
    public void Sizes_agree_with_the_reference_where_it_succeeds()
    {
        using var document = System.Text.Json.JsonDocument.Parse(File.ReadAllText(SharedFolder.File("golden", "split.json")));
        var compared = 0;
        foreach (var c in document.RootElement.GetProperty("cases").EnumerateArray())
        {
            if (c.GetProperty("fn").GetString() != "split_dataset" || !c.GetProperty("out").TryGetProperty("n", out _))
                continue;
            var p = c.GetProperty("params");
            var config = FakeDataset.Config(p.GetProperty("train_frac").GetDouble(), p.GetProperty("test_frac").GetDouble());
            config.SplitDataset.SplitMethod = p.GetProperty("split_method").GetString()!;
            config.SplitDataset.DataTesting.DataType = p.GetProperty("data_testing").GetProperty("data_type").GetString();
            config.SplitDataset.DataTesting.DataValue =
                [.. p.GetProperty("data_testing").GetProperty("data_value").EnumerateArray().Select(v => v.GetString()!)];
            // Fractions that add up to 1 ask for no validation here; the reference gives it what rounding leaves over. And where test
            // participants are named, it tears whole centres apart (D-17).
            var split = config.SplitDataset;
            if (split.TrainFraction + split.TestFraction > 0.999 || (split.SplitMethod == "institution_id" && split.DataTesting.DataType == "participant_id"))
                continue;
            var lists = c.GetProperty("out");
            var contrasts = p.GetProperty("n_contrasts").GetInt32();
            if (split.SplitMethod == "institution_id" && !lists.TryGetProperty("train", out _))
                continue;
            var dataset = FakeDataset.Of(p.GetProperty("n_subjects").GetInt32(), ["T1w", "T2w"], p.GetProperty("n_centers").GetInt32());
            var ours = SplitMaker.Make(dataset, config);
            Assert.Equal(
                Sets.Select(Units),
                [ours.Training.Count, ours.Validation.Count, ours.Test.Count]);
            compared++;

            int Units(string set) => !lists.TryGetProperty(set, out var names)
                ? lists.GetProperty("n")[Array.IndexOf(Sets, set)].GetInt32() / contrasts
                : names.EnumerateArray().Select(name => int.Parse(name.GetString()!.AsSpan(4, 2), System.Globalization.CultureInfo.InvariantCulture))
                .Select(i => split.SplitMethod == "institution_id" ? i % p.GetProperty("n_centers").GetInt32() : i).Distinct().Count();
        }

        Assert.True(compared > 40, $"only {compared} cases compared");
    }
}
