namespace MedSeg.Cmdlets.Tests.Specs;

/// <summary>What the stand-in says about one test.</summary>
/// <param name="Id">From 1 in file order; 0 for what is wrong with a whole file or block.</param>
/// <param name="Path">Names from the outermost block to the test.</param>
/// <param name="Result">Passed, Failed, Skipped or NotRun.</param>
/// <param name="Message">Why it failed.</param>
public sealed record SpecRecord(int Id, IReadOnlyList<string> Path, string Result, string Message)
{
    public string Title => string.Join(" › ", Path);
}
