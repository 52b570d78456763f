namespace MedSeg.Engine.Configuration;

/// <summary>Names that can be a folder and a file stem on every platform.</summary>
internal static class ModelName
{
    /// <summary>What is allowed, for messages.</summary>
    public const string Allowed = "up to 100 letters, digits, '-', '_' and '.', and not a name that Windows reserves, such as con or nul";

    private const int Longest = 100;

    private static readonly string[] Reserved =
        ["con", "prn", "aux", "nul", .. Enumerable.Range(0, 10).SelectMany(n => new[] { $"com{n}", $"lpt{n}" }), "checkpoints"];

    public static bool IsValid(string name) =>
        name.Length is > 0 and <= Longest
        && name.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.' or ' ' or '+' or '(' or ')')
        && name[0] is not ('.' or ' ')
        && name[^1] is not ('.' or ' ')
        && !Reserved.Contains(name.Split('.')[0], StringComparer.OrdinalIgnoreCase);
}
