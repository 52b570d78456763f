namespace MedSeg.Engine.Packaging;

/// <summary>Names that can be a folder and a file stem on every platform.</summary>
internal static class ModelName
{
    private const int Longest = 100;

    private static readonly string[] Reserved =
        ["con", "prn", "aux", "nul", .. Enumerable.Range(0, 10).SelectMany(n => new[] { $"com{n}", $"lpt{n}" }), "checkpoints"];

    public static bool IsValid(string name) =>
        name.Length is > 0 and <= Longest
        && name.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.' or ' ' or '+' or '(' or ')')
        && name[0] is not ('.' or ' ')
        && name[^1] is not ('.' or ' ')
        && !Reserved.Contains(name.Split('.')[0], StringComparer.OrdinalIgnoreCase);

    /// <exception cref="SegException"><c>ModelNameInvalid</c>.</exception>
    public static void Require(string name)
    {
        if (IsValid(name)) return;
        throw new SegException("ModelNameInvalid", SegErrorKind.InvalidArgument,
            $"model_name: '{name}' cannot be the name of a folder on every system.",
            "Use letters, digits, '-', '_' and '.', at most 100 of them.", "model_name");
    }
}
