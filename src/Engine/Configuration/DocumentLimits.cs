namespace MedSeg.Engine.Configuration;

/// <summary>Bounds of a configuration document, far above any real one, so that a hostile file costs little.</summary>
internal static class DocumentLimits
{
    /// <summary>Bytes of a file.</summary>
    public const int Bytes = 8 * 1024 * 1024;

    /// <summary>Nesting of objects and lists.</summary>
    public const int Depth = 32;

    /// <summary>Values, with YAML aliases expanded.</summary>
    public const int Nodes = 200_000;

    public static SegException Empty(string source, ConfigPosition at, Exception? inner = null) => ConfigProblems.Unreadable(
        "ConfigSyntax",
        source,
        at,
        "the file is empty.",
        "Check that it is the right file; New-SegConfig | Export-SegConfig writes a complete one.",
        inner);

    public static SegException TooDeep(string source, ConfigPosition at) => ConfigProblems.Unreadable(
        "ConfigTooDeep", source, at, $"objects and lists are nested deeper than {Depth} levels.", "Check that the file is a configuration.");

    public static SegException TooLarge(string source, ConfigPosition at) => ConfigProblems.Unreadable(
        "ConfigTooLarge", source, at, $"the document has more than {Nodes} values.", "Check that the file is a configuration.");
}
