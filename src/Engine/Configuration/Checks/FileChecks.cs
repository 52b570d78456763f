using System.Globalization;

namespace MedSeg.Engine.Configuration.Checks;

/// <summary>Reads a configuration file and tells what is wrong as findings, never as an error.</summary>
internal static class FileChecks
{
    private const string Advice = "Correct the place named; docs/configuration.md lists all keys.";

    /// <summary>The configuration, or null where the file cannot be read whole, with what was noticed in file order.</summary>
    public static (SegConfig? Config, IReadOnlyList<SegFinding> Findings) Read(string path, ComponentCatalog catalog)
    {
        var findings = new List<SegFinding>();
        try
        {
            var problems = new ConfigProblems(path);
            void Remark(string key, ConfigPosition at, string message) =>
                findings.Add(ConfigFindingCatalog.OldName.At(key, Place(at.Line, at.Column) + message));
            SegConfig config = ConfigReader.Collect(ConfigReader.ReadText(path), path, catalog, problems, Remark);
            problems.ThrowIfAny();
            return (config, findings);
        }
        catch (SegException error)
        {
            return (null, [.. Problems(error), .. findings]);
        }
    }

    /// <summary>The problems that a reading error lists, or the error itself.</summary>
    public static IEnumerable<SegFinding> Problems(SegException error) => error.TargetItem is ConfigProblem[] problems
        ? problems.Select(p => new SegFinding(
            p.ErrorId,
            FindingSeverity.Error,
            p.Key,
            Place(p.Line, p.Column) + p.Message,
            error.Kind == SegErrorKind.InvalidData ? error.Recommendation : Advice))
        : [new SegFinding(error.ErrorId, FindingSeverity.Error, "", error.Message, error.Recommendation)];

    private static string Place(int line, int column) =>
        line > 0 ? string.Create(CultureInfo.InvariantCulture, $"line {line}, column {column}: ") : "";
}
