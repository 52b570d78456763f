using System.Text;

namespace MedSeg.Engine.Configuration;

/// <summary>
/// Reads configurations in JSON or YAML: the values of the file over the defaults, names of earlier versions converted with a
/// warning, and everything that does not fit in one error.
/// </summary>
public static class ConfigReader
{
    /// <summary>The key by which editors find the schema of a file; it says nothing about the run.</summary>
    internal const string SchemaKey = "$schema";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file. <c>.json</c> is JSON, <c>.yaml</c> and <c>.yml</c> are YAML; for other names the content decides.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="catalog">What components exist.</param>
    /// <param name="warn">Told about converted and dropped names.</param>
    /// <exception cref="SegException">
    /// <c>ConfigNotFound</c>, <c>ConfigCannotRead</c>, <c>ConfigTooLarge</c>, <c>ConfigEncoding</c>, or as <see cref="Parse"/>.
    /// </exception>
    public static SegConfig Read(string path, ComponentCatalog catalog, Action<string> warn)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Parse(ReadText(path), path, catalog, warn);
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">JSON or YAML.</param>
    /// <param name="sourceName">File name for messages; its extension tells the format.</param>
    /// <param name="catalog">What components exist.</param>
    /// <param name="warn">Told about converted and dropped names.</param>
    /// <exception cref="SegException">
    /// Of the document: <c>ConfigSyntax</c>, <c>ConfigTooDeep</c>, <c>ConfigTooLarge</c>, <c>ConfigYamlTag</c>. Of its keys, all
    /// in one error with the id of the first: <c>ConfigUnknownKey</c>, <c>ConfigDuplicateKey</c>, <c>ConfigWrongType</c>,
    /// <c>ConfigOutOfRange</c>, <c>ConfigNotAllowed</c>, <c>ConfigUnknownComponent</c>, <c>ConfigMissingParameter</c>; its target
    /// is the list of <see cref="ConfigProblem"/>.
    /// </exception>
    public static SegConfig Parse(string text, string sourceName, ComponentCatalog catalog, Action<string> warn)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(warn);
        var problems = new ConfigProblems(sourceName);
        SegConfig config = Collect(text, sourceName, catalog, problems, (_, at, message) => warn(Place(sourceName, at) + message));
        problems.ThrowIfAny();
        return config;
    }

    /// <summary>As <see cref="Parse"/>, with the problems of keys collected instead of thrown, and remarks with their key and place.</summary>
    internal static SegConfig Collect(
        string text, string sourceName, ComponentCatalog catalog, ConfigProblems problems, Action<string, ConfigPosition, string> remark)
    {
        ConfigNode root = IsYaml(text, sourceName) ? YamlTree.Parse(text, sourceName, problems) : JsonTree.Parse(text, sourceName, problems);
        var config = new SegConfig();
        if (root is ConfigMap map)
        {
            new ConfigBinder(catalog, problems).Section(LegacyConverter.Convert(map.Without(SchemaKey), remark), config, "");
        }
        else
        {
            object? found = root.ToPlain();
            string hint = found is string line && line.Contains(':', StringComparison.Ordinal) ? " Put a space after each colon." : "";
            problems.Add("ConfigWrongType", "", root.At, $"found {Describe.Value(found)}; a configuration is an object.{hint}");
        }

        return config;
    }

    private static string Place(string source, ConfigPosition at) => at.Line > 0 ? $"{source}, line {at.Line}: " : $"{source}: ";

    private static bool IsYaml(string text, string sourceName) => Path.GetExtension(sourceName).ToLowerInvariant() switch
    {
        ".json" => false,
        ".yaml" or ".yml" => true,
        _ => text.AsSpan().TrimStart() is not ['{' or '/', ..],
    };

    internal static string ReadText(string path)
    {
        if (Directory.Exists(path))
        {
            throw new SegException(
                "ConfigNotFound",
                SegErrorKind.NotFound,
                $"{path}: this is a folder, not a configuration file.",
                "Name a .json or .yaml file.",
                path);
        }

        try
        {
            using FileStream stream = File.OpenRead(path);
            if (stream.Length > DocumentLimits.Bytes)
            {
                throw new SegException(
                    "ConfigTooLarge",
                    SegErrorKind.InvalidData,
                    $"{path}: {stream.Length} bytes; a configuration has at most {DocumentLimits.Bytes}.",
                    "Check that the file is a configuration.",
                    path);
            }

            return Decode(stream, path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SegException("ConfigNotFound", SegErrorKind.NotFound, $"{path}: there is no such file.", "Check the path.", path, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SegException(
                "ConfigCannotRead",
                SegErrorKind.Resource,
                $"{path}: {error.Message}",
                "Check permissions and that no program locks it.",
                path,
                error);
        }
    }

    private static string Decode(FileStream stream, string path)
    {
        var bytes = new byte[stream.Length];
        int length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        int start = length >= 3 && bytes is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            throw NotUtf8([], path, "the file is UTF-16 text, not UTF-8.");
        }

        if (bytes.AsSpan(start, length - start).IndexOf((byte)0) is var zero and >= 0)
        {
            throw NotUtf8(bytes.AsSpan(start, zero), path, "the file is not UTF-8 text: it holds zero bytes, as UTF-16 and files without text do.");
        }

        try
        {
            return StrictUtf8.GetString(bytes, start, length - start);
        }
        catch (DecoderFallbackException error)
        {
            throw NotUtf8(bytes.AsSpan(start, error.Index), path, "the file is not UTF-8 text.", error);
        }
    }

    /// <param name="before">The bytes before the place that is wrong.</param>
    private static SegException NotUtf8(ReadOnlySpan<byte> before, string path, string what, Exception? inner = null)
    {
        int lineStart = before.LastIndexOf((byte)'\n') + 1;
        var at = new ConfigPosition(1 + before.Count((byte)'\n'), 1 + Encoding.UTF8.GetCharCount(before[lineStart..]));
        return ConfigProblems.Unreadable(
            "ConfigEncoding",
            path,
            at,
            what,
            "Save the file as UTF-8: in an editor, or (Get-Content old.json) | Set-Content -Encoding utf8 new.json.",
            inner);
    }
}
