using MedSeg.Engine.Bids;
using MedSeg.Engine.Bids.Checks;
using Xunit;

namespace MedSeg.Engine.Tests.Bids.Checks;

/// <summary>A clean dataset has no findings; each kind of finding comes from one change, and nothing else that is serious with it.</summary>
public class CheckTests
{
    /// <summary>Systems that take paths of other case for the same file can't hold both.</summary>
    public static TheoryData<string> CaseIds => [.. CheckCases.All.Keys.Where(id => OperatingSystem.IsLinux() || id != "CaseCollision")];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_clean_dataset_has_no_findings(bool deep)
    {
        using var tree = new PhantomTree();
        Assert.Empty(tree.Check(deep));
    }

    [Theory]
    [MemberData(nameof(CaseIds))]
    public void One_change_gives_one_kind_of_finding(string id)
    {
        using var tree = new PhantomTree();
        var (change, deep, also) = CheckCases.All[id];
        change(tree);
        var findings = tree.Check(deep);
        var kind = FindingCatalog.All.Single(k => k.Id == id);
        Assert.Contains(findings, f => f.Id == id);
        Assert.All(findings.Where(f => f.Id == id), f =>
        {
            Assert.Equal(kind.Severity, f.Severity);
            Assert.StartsWith(tree.Root, f.Path, StringComparison.Ordinal);
            Assert.True(Path.Exists(f.Path), f.Path);
            Assert.EndsWith(".", f.Message, StringComparison.Ordinal);
        });
        string[] serious = kind.Severity == FindingSeverity.Information ? also : [.. also, id];
        var found = findings.Where(f => f.Severity != FindingSeverity.Information).Select(f => f.Id).Distinct();
        Assert.Equal(serious.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    /// <summary>What only voxels show costs nothing unless it is asked for.</summary>
    [Theory]
    [MemberData(nameof(CaseIds))]
    public void Voxels_are_read_in_a_deep_check_only(string id)
    {
        if (!CheckCases.All[id].Deep)
            return;
        using var tree = new PhantomTree();
        CheckCases.All[id].Change(tree);
        Assert.DoesNotContain(tree.Check(), f => f.Id == id);
    }

    [Fact]
    public void Every_kind_has_a_case() =>
        Assert.Equal(CheckRegistry.Kinds.Select(k => k.Id).Order(StringComparer.Ordinal), CheckCases.All.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Every_check_is_registered()
    {
        var checks = typeof(IBidsCheck).Assembly.GetTypes().Where(t => t.IsClass && t.IsAssignableTo(typeof(IBidsCheck)));
        Assert.Equal(
            checks.Select(t => t.Name).Order(StringComparer.Ordinal),
            CheckRegistry.All.Select(c => c.GetType().Name).Order(StringComparer.Ordinal));
    }
}
