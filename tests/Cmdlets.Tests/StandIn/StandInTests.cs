using MedSeg.Cmdlets.Tests.Specs;
using MedSeg.Cmdlets.Tests.Support;
using Xunit;

namespace MedSeg.Cmdlets.Tests.StandIn;

/// <summary>The stand-in itself, by specs of which it is known how they end.</summary>
public class StandInTests
{
    [Fact]
    public void Every_good_spec_passes_or_is_skipped_as_it_says()
    {
        var records = Run("Passing");
        Assert.Empty(records.Where(r => r.Result is not ("Passed" or "Skipped")).Select(r => $"{r.Title}: {r.Message}"));
        Assert.Equal(3, records.Count(r => r.Result == "Skipped"));
        Assert.Equal(37, records.Count);
    }

    [Fact]
    public void Every_bad_spec_fails()
    {
        var records = Run("Failing");
        Assert.Empty(records.Where(r => r.Result != "Failed").Select(r => r.Title));
        Assert.Equal(50, records.Count);
        Assert.All(records, r => Assert.NotEmpty(r.Message));
    }

    [Fact]
    public void A_failure_names_the_line() =>
        Assert.Contains("Failing.Fixture.ps1: line 3", Run("Failing")[0].Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("Empty", "no test")]
    [InlineData("NotParsing", "Missing closing '}'")]
    [InlineData("DiscoveryThrows", "in discovery")]
    public void A_file_that_gives_no_tests_is_a_failure(string fixture, string message)
    {
        var record = Assert.Single(Run(fixture));
        Assert.Equal((0, "Failed"), (record.Id, record.Result));
        Assert.Contains(message, record.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_block_that_ends_badly_is_a_failure_of_its_own()
    {
        var records = Run("AfterAllThrows");
        Assert.Equal(["Passed", "Failed"], records.Select(r => r.Result));
        Assert.Equal((0, "Block › AfterAll"), (records[1].Id, records[1].Title));
    }

    [Fact]
    public void Titles_take_their_values_from_the_data()
    {
        var titles = Run("Passing").Select(r => r.Title).ToList();
        Assert.Contains("Data in blocks: three › has three with 5 letters and $_", titles);
        Assert.Contains("Data in blocks: one › combines b with one", titles);
        Assert.Contains("Data in tests › object and 7", titles);
        Assert.Contains("Data in blocks: one › keeps <this>, \"quotes\", $dollars and 3", titles);
    }

    [Fact]
    public void Discovery_finds_the_same_tests_and_runs_none()
    {
        var found = SpecRunner.Discover(Fixture("Passing"));
        Assert.Equal(Run("Passing").Select(r => r.Id), found.Select(r => r.Id));
        Assert.All(found, r => Assert.Contains(r.Result, new[] { "NotRun", "Skipped" }));
    }

    [Theory]
    [InlineData("Tag", "Some", 1)]
    [InlineData("Tag", "other", 1)]
    [InlineData("Tag", "None", 0)]
    [InlineData("ExcludeTag", "Some", 33)]
    public void Tags_choose_tests(string parameter, string tag, int passed)
    {
        var records = SpecRunner.Invoke(Fixture("Passing"), new() { [parameter] = tag });
        Assert.Equal(passed, records.Count(r => r.Result == "Passed"));
        Assert.DoesNotContain(records, r => r.Result == "Failed");
    }

    [Fact]
    public void The_drive_is_removed()
    {
        using var shell = new BareShell(Repository.StandIn);
        var before = shell.Run("""
            param($file)
            $null = Invoke-Spec $file
            $null -ne $ExecutionContext.SessionState.PSVariable.Get('TestDrive')
            $ExecutionContext.SessionState.Drive.GetAll().Name -contains 'TestDrive'
            """, Fixture("Passing"));
        Assert.Equal([false, false], before.Select(o => (bool)o.BaseObject));
    }

    private static IReadOnlyList<SpecRecord> Run(string fixture) => SpecRunner.Results(Fixture(fixture));

    private static string Fixture(string name) => Path.Combine(Repository.Fixtures, name + ".Fixture.ps1");
}
