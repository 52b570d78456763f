using MedSeg.Cmdlets.Tests.Support;
using Xunit;
using Xunit.Sdk;

namespace MedSeg.Cmdlets.Tests.Specs;

/// <summary>The specs of <c>tests/Pester</c>, run by the stand-in.</summary>
public class SpecTests
{
    [Fact]
    public void There_are_specs() => Assert.NotEmpty(SpecRunner.Files);

    /// <summary>Asserts one <c>It</c>.</summary>
    /// <param name="file">File name of the spec.</param>
    /// <param name="id">Number of the <c>It</c>; 0 stands for the file: it parses, has tests, and its blocks end well.</param>
    [SpecFact]
    public void Spec(string file, int id)
    {
        var records = SpecRunner.Results(Path.Combine(Repository.Specs, file)).Where(r => r.Id == id).ToList();
        var failures = records.Where(r => r.Result != "Passed").Select(r => $"{r.Title}: {r.Message}").ToList();
        if (id > 0 && records.Count != 1)
        {
            failures.Add($"Found once when looking for tests, {records.Count} times when running them.");
        }

        if (failures.Count > 0)
        {
            throw new XunitException(string.Join(Environment.NewLine, failures));
        }
    }
}
