using MedSeg.Engine.Data;
using Xunit;

namespace MedSeg.Engine.Tests.Data;

public class DatasetColumnsTests
{
    [Fact]
    public void The_same_sample_name_of_two_participants_is_two_samples()
    {
        var columns = Columns(("sub-1", "frozen"), ("sub-2", "fixed"));
        Assert.Equal("frozen", columns.Value(FakeDataset.Image("sub-1", "SEM", "a"), "tissue"));
        Assert.Equal("fixed", columns.Value(FakeDataset.Image("sub-2", "SEM", "a"), "tissue"));
        Assert.Null(columns.Value(FakeDataset.Image("sub-3", "SEM", "a"), "tissue"));
    }

    [Fact]
    public void A_participant_may_lack_its_prefix() =>
        Assert.Equal("frozen", Columns(("1", "frozen")).Value(FakeDataset.Image("sub-1", "SEM", "a"), "tissue"));

    [Fact]
    public void A_row_whose_participant_is_unknown_belongs_to_nobody() =>
        Assert.Null(Columns((null, "frozen")).Value(FakeDataset.Image("sub-1", "SEM", "a"), "tissue"));

    [Fact]
    public void Without_the_column_sample_names_are_unique()
    {
        var dataset = FakeDataset.Of([]) with { Samples = [new("sample-a", new Dictionary<string, string?> { ["tissue"] = "frozen" })] };
        Assert.Equal("frozen", new DatasetColumns(dataset).Value(FakeDataset.Image("sub-7", "SEM", "a"), "tissue"));
    }

    private static DatasetColumns Columns(params (string? Participant, string Tissue)[] rows) => new(FakeDataset.Of([]) with
    {
        Samples = [.. rows.Select(r => new BidsParticipant(
            "sample-a", new Dictionary<string, string?> { ["participant_id"] = r.Participant, ["tissue"] = r.Tissue }))],
    });
}
