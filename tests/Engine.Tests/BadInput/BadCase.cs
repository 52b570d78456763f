namespace MedSeg.Engine.Tests.BadInput;

/// <summary>An error, or a finding about a dataset.</summary>
/// <param name="Place">The file that a finding is about; errors name it in their message.</param>
internal sealed record Complaint(string Id, string Message, string Recommendation, string Place = "");

/// <summary>One bad input and what must be said about it.</summary>
/// <param name="Name">What is wrong.</param>
/// <param name="File">The file to name.</param>
/// <param name="Make">Puts the input into an empty folder.</param>
/// <param name="Use">Uses what is in the folder.</param>
/// <param name="Id">Id of the error or finding.</param>
/// <param name="Says">A field, a key or a value that the message names.</param>
internal sealed record BadCase(
    string Name, string File, Action<BadFolder> Make, Func<BadFolder, IEnumerable<Complaint>> Use, string Id, string Says)
{
    public override string ToString() => Name;
}
