using System.Globalization;
using MedSeg.Engine.Configuration;
using MedSeg.Engine.Transforms;
using Xunit;

namespace MedSeg.Engine.Tests.Transforms;

/// <summary>Holds docs/transforms.md and the transforms together. Run with MEDSEG_UPDATE_DOCS=1 to write its tables anew.</summary>
public class TransformDocumentationTests
{
    public static TheoryData<string> Names => [.. TransformRegistry.Specs.Select(s => s.Name)];

    [Fact]
    public void The_overview_says_when_each_transform_runs_and_on_what() => Holds("overview", Overview());

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_transform_has_a_section_with_its_parameters(string name)
    {
        Assert.Contains($"\n### {name}\n\n", File.ReadAllText(Page), StringComparison.Ordinal);
        Holds(name, Parameters(TransformRegistry.Specs.Single(s => s.Name == name)));
    }

    [Fact]
    public void Every_parameter_has_a_meaning() =>
        Assert.All(TransformRegistry.Specs.SelectMany(s => s.Parameters), p => Assert.EndsWith(".", p.Help, StringComparison.Ordinal));

    private static string Overview()
    {
        var rows = TransformRegistry.Specs.Select(spec => Make(spec)).Select(t =>
            $"| `{t.Name}` | {(t.AtLoad ? "load" : "access")} | {(t.IsRandom ? "random" : "")} | {Kinds(t.AppliesTo)} | {Undo(t)} |");
        return string.Join('\n', rows.Prepend("|---|---|---|---|---|").Prepend("| transform | stage | | applied to | predictions |"));
    }

    private static string Parameters(ComponentSpec spec)
    {
        if (spec.Parameters.Count == 0)
            return "It has no parameters.";
        var rows = spec.Parameters.Select(p =>
        {
            var standard = p.Required ? "required" : p.Default is null ? "" : $"`{ConfigJson.Write(ConfigNode.FromPlain(p.Default)).Trim()}`";
            return $"| `{p.Name}` | {Describe.Allowed(p)} | {standard} | {p.Help} |";
        });
        return string.Join('\n', rows.Prepend("|---|---|---|---|").Prepend("| parameter | value | default | meaning |"));
    }

    private static string Undo(SegTransform transform) =>
        !transform.IsSpatial ? "stay as they are" : transform.HasUndo ? "are mapped back" : "have no way back";

    private static string Kinds(SampleKinds kinds) => string.Join(", ", new[] { (SampleKinds.Image, "im"), (SampleKinds.Label, "gt"), (SampleKinds.Roi, "roi") }
        .Where(k => (kinds & k.Item1) != 0).Select(k => k.Item2));

    /// <summary>The transform with its required parameters at their smallest values.</summary>
    private static SegTransform Make(ComponentSpec spec) => TransformBuilder.Create(
        spec.Name, [.. spec.Parameters.Where(p => p.Required).Select(p => (p.Name, Smallest(p)))]);

    private static object Smallest(ParameterSpec parameter)
    {
        var number = Math.Max(parameter.Minimum, 0);
        return parameter.Kind is ParameterKind.NumberList or ParameterKind.IntegerList
            ? Enumerable.Repeat(number, parameter.MinimumCount).Cast<object?>().ToArray()
            : number;
    }

    private static void Holds(string part, string content)
    {
        var (begin, end) = ($"<!-- {part} -->\n", $"\n<!-- end of {part} -->");
        var text = File.ReadAllText(Page);
        var start = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        Assert.True(start >= begin.Length, string.Create(CultureInfo.InvariantCulture, $"docs/transforms.md has no part '{part}'."));
        var stop = text.IndexOf(end, start - 1, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("MEDSEG_UPDATE_DOCS") == "1")
        {
            text = string.Concat(text.AsSpan(0, start), content, text.AsSpan(stop));
            File.WriteAllText(Page, text);
            stop = start + content.Length;
        }

        Assert.Equal(content, text[start..Math.Max(start, stop)]);
    }

    private static string Page { get; } = Support.Pages.Find("transforms.md");
}
