using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace MedSeg.Cmdlets.Tests.Specs;

/// <summary>Marks the method that stands for every <c>It</c> of every spec file: each becomes a test case of its own.</summary>
[XunitTestCaseDiscoverer("MedSeg.Cmdlets.Tests.Specs.SpecDiscoverer", "MedSeg.Cmdlets.Tests")]
[AttributeUsage(AttributeTargets.Method)]
public sealed class SpecFactAttribute : FactAttribute;

/// <summary>Makes one test case of each spec and one of each file.</summary>
/// <param name="messages">Given by xunit.</param>
public sealed class SpecDiscoverer(IMessageSink messages) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute)
    {
        foreach (var file in SpecRunner.Files)
        {
            var name = Path.GetFileName(file);
            yield return new SpecTestCase(messages, testMethod, name, 0, $"{name} › the file and its blocks", null);
            foreach (var spec in SpecRunner.Discover(file).Where(r => r.Id > 0))
            {
                var reason = spec.Result == "Skipped" ? "The spec says -Skip." : null;
                yield return new SpecTestCase(messages, testMethod, name, spec.Id, $"{name} › {spec.Title}", reason);
            }
        }
    }
}
