using MedSeg.Engine.Bids;
using Xunit;

namespace MedSeg.Engine.Tests.Bids;

public class BidsNameTests
{
    [Fact]
    public void Takes_a_name_apart()
    {
        var name = BidsName.Parse("sub-01_ses-pre_acq-MTon_run-2_MTS", out var problem);
        Assert.Null(problem);
        Assert.Equal("sub-01", name!.Subject);
        Assert.Equal("MTS", name.Suffix);
        Assert.Equal("acq-MTon_MTS", name.Contrast);
        Assert.Equal(["sub", "ses", "acq", "run"], name.Entities.Keys);
        Assert.Equal("2", name.Entities["run"]);
    }

    [Fact]
    public void Contrast_is_the_suffix_without_an_acquisition() => Assert.Equal("T2w", BidsName.Parse("sub-01_T2w", out _)!.Contrast);

    [Theory]
    [InlineData("sub-01")]
    [InlineData("sub-01_")]
    [InlineData("sub-_T1w")]
    [InlineData("sub-01_run1_T1w")]
    [InlineData("sub-01_run-1_run-2_T1w")]
    [InlineData("sub-01_acq-a-b_T1w")]
    [InlineData("sub-01_T1 w")]
    [InlineData("")]
    [InlineData("sub-é_T1w")]
    public void Refuses_other_names(string stem)
    {
        Assert.Null(BidsName.Parse(stem, out var problem));
        Assert.NotNull(problem);
    }

    [Theory]
    [InlineData("T1w", true)]
    [InlineData("sub-01_T1w", true)]
    [InlineData("sub-01_run-1_T1w", true)]
    [InlineData("sub-02_T1w", false)]
    [InlineData("sub-01_run-1_acq-x_T1w", false)]
    [InlineData("T2w", false)]
    public void A_sidecar_applies_when_its_entities_are_a_subset(string sidecar, bool applies) =>
        Assert.Equal(applies, BidsName.Parse(sidecar, out _)!.AppliesTo(BidsName.Parse("sub-01_ses-1_run-1_T1w", out _)!));
}
