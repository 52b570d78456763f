using MedSeg.Engine.Data;
using MedSeg.Engine.Data.Film;
using Xunit;

namespace MedSeg.Engine.Tests.Data.Film;

public class FilmEncoderTests
{
    [Fact]
    public void Contrasts_are_keyed_by_acquisition_and_suffix()
    {
        var images = new[] { "acq-MTon_MTS", "acq-MToff_MTS", "T2w", "acq-MTon_MTS" }.Select((c, i) => FakeDataset.Image($"sub-{i}", c)).ToArray();
        var (film, rows) = Learn("contrasts", images);
        Assert.Equal(["T2w", "acq-MToff_MTS", "acq-MTon_MTS"], Assert.Single(film.Parts).Categories);
        Assert.Equal([[0f, 0, 1], [0, 1, 0], [1, 0, 0], [0, 0, 1]], rows);

        // A known suffix stands in for an acquisition that training did not have; what is not known at all stays zero.
        Assert.Equal([1f, 0, 0], Encode(film, FakeDataset.Image("sub-9", "acq-ax_T2w"), out var unknown));
        Assert.Empty(unknown);
        Assert.Equal([0f, 0, 0], Encode(film, FakeDataset.Image("sub-9", "T1w"), out unknown));
        Assert.Equal(["contrast T1w"], unknown);
    }

    [Fact]
    public void A_column_has_a_category_per_value_whatever_the_spelling_of_numbers()
    {
        var images = new[] { "1", "2.0", "1.0", "2", "01" }.Select((site, i) => Of($"sub-{i}", ("site", site))).ToArray();
        var (film, rows) = Learn("site", images);
        Assert.Equal(["01", "1", "2"], film.Parts[0].Categories);
        Assert.Equal(["1", "2", "1", "2", "0"], rows.Select(row => $"{Array.IndexOf(row, 1f)}"));
        Assert.Equal(3, film.Width);
    }

    [Fact]
    public void Scanner_settings_become_four_vectors_in_one()
    {
        BidsImage[] images =
        [
            Scan("sub-1", 15.0, 2.5, 0.004, "SIEMENS"), Scan("sub-2", 15.0, 2.4, 0.0041, "Siemens Healthineers"), Scan("sub-3", "14, 16", 2.6, 0.0039, "GE MEDICAL SYSTEMS"),
            Scan("sub-4", 90.0, 5.0, 0.1, "Philips Medical Systems"), Scan("sub-5", new object?[] { 89.0, 91.0 }, 5.2, 0.11, "Philips"), Scan("sub-6", 90.0, 4.9, 0.105, "Hitachi"),
        ];
        var (film, rows) = Learn("mri_params", images);
        Assert.Equal(["FlipAngle", "RepetitionTime", "EchoTime", "Manufacturer"], film.Parts.Select(part => part.Name));
        Assert.Equal(["GE", "Philips", "Siemens", "other"], film.Parts[3].Categories);
        Assert.Null(film.Parts[3].Boundaries);
        Assert.All(film.Parts.Take(3), part => Assert.NotEmpty(part.Boundaries!));
        Assert.All(rows, row => Assert.Equal(4, row.Count(v => v == 1)));
        Assert.Equal(rows[0], rows[1]);
        Assert.NotEqual(rows[0][..film.Parts[0].Categories.Count], rows[3][..film.Parts[0].Categories.Count]);
        Assert.Equal(rows[3], rows[4]);
    }

    [Theory]
    [InlineData("FlipAngle")]
    [InlineData("Manufacturer")]
    public void An_image_that_lacks_a_setting_is_left_out_with_a_warning(string key)
    {
        var whole = new[] { Scan("sub-1", 15.0, 2.5, 0.004, "GE"), Scan("sub-2", 90.0, 2.4, 0.0041, "GE") };
        var lacking = Scan("sub-3", 15.0, 2.5, 0.004, "GE");
        lacking = lacking with { Metadata = lacking.Metadata.Where(p => p.Key != key).ToDictionary() };
        var warnings = new List<string>();
        var plan = Plan("mri_params", [.. whole, lacking], [], warnings)!;
        Assert.Equal(whole, plan.Training.Sources.Select(source => source.Reference));
        Assert.Contains(warnings, w => w.Contains($"{lacking.RelativePath} has no usable {key}", StringComparison.Ordinal));
    }

    [Fact]
    public void A_column_that_no_image_has_is_an_error()
    {
        var error = Assert.Throws<SegException>(() => Plan("colour", [FakeDataset.Image("sub-1", "T2w")], [], []));
        Assert.Equal(("FilmValueMissing", SegErrorKind.InvalidArgument, "FiLMedUnet.metadata"), (error.ErrorId, error.Kind, error.TargetItem));
        Assert.Contains("colour", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validation_teaches_no_category()
    {
        var warnings = new List<string>();
        var plan = Plan("contrasts", [FakeDataset.Image("sub-1", "T1w"), FakeDataset.Image("sub-2", "T2w")], [FakeDataset.Image("sub-3", "T2star")], warnings)!;
        Assert.Equal(["T1w", "T2w"], plan.Film.Parts[0].Categories);
        Assert.Equal([0f, 0], Assert.Single(plan.Validation.Rows));
        Assert.Contains("contrast 'T2star', which no training image has", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Metadata_that_say_nothing_are_a_warning()
    {
        var warnings = new List<string>();
        Plan("contrasts", [FakeDataset.Image("sub-1", "T2w"), FakeDataset.Image("sub-2", "T2w")], [], warnings);
        Assert.Contains("the same for all training images", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_learnt_where_no_layer_is_modulated()
    {
        var config = new SegConfig { FilmedUnet = { Applied = true, FilmLayers = [0, 0, 0, 0] } };
        Assert.Null(FilmPlan.Of(FakeDataset.Of([]), config, [SampleSource.Of(FakeDataset.Image("sub-1", "T2w"))], [], _ => { }));
    }

    private static FilmPlan? Plan(string metadata, BidsImage[] training, BidsImage[] validation, List<string> warnings) => FilmPlan.Of(
        FakeDataset.Of([.. training, .. validation]), new SegConfig { FilmedUnet = { Applied = true, Metadata = metadata, FilmLayers = [1] } },
        [.. training.Select(SampleSource.Of)], [.. validation.Select(SampleSource.Of)], warnings.Add);

    private static (SegFilm Film, float[][] Rows) Learn(string metadata, BidsImage[] images)
    {
        var plan = Plan(metadata, images, [], [])!;
        return (plan.Film, [.. plan.Training.Rows]);
    }

    private static float[] Encode(SegFilm film, BidsImage image, out List<string> unknown)
    {
        var told = new List<string>();
        unknown = told;
        var values = new FilmReader(film.Metadata, new DatasetColumns(FakeDataset.Of([]))).Read(image, out _)!;
        return FilmEncoder.Encode(film, values, (part, value) => told.Add($"{part.Name} {value.Text}"));
    }

    private static BidsImage Of(string subject, (string Column, string Value) column) =>
        FakeDataset.Image(subject, "T2w") with { Columns = new Dictionary<string, string?> { [column.Column] = column.Value } };

    private static BidsImage Scan(string subject, object angle, double repetition, double echo, string manufacturer) => FakeDataset.Image(subject, "T2w") with
    {
        Metadata = new Dictionary<string, object?> { ["FlipAngle"] = angle, ["RepetitionTime"] = repetition, ["EchoTime"] = echo, ["Manufacturer"] = manufacturer },
    };
}
