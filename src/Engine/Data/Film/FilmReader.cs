using System.Globalization;

namespace MedSeg.Engine.Data.Film;

/// <summary>Looks up what <c>FiLMedUnet.metadata</c> asks for.</summary>
/// <param name="metadata">contrasts, mri_params or a column.</param>
/// <param name="columns">Where columns are looked up.</param>
internal sealed class FilmReader(string metadata, DatasetColumns columns)
{
    /// <summary>The value of <c>FiLMedUnet.metadata</c> that takes the contrast of the image's name.</summary>
    public const string Contrasts = "contrasts";

    /// <summary>What is looked at, in the order of the vector.</summary>
    public static IReadOnlyList<string> NamesOf(string metadata) => metadata switch
    {
        Contrasts => ["contrast"],
        MriParameters.Word => MriParameters.Names,
        _ => [metadata],
    };

    /// <summary>The values of an image.</summary>
    /// <param name="missing">The names of those that it lacks.</param>
    /// <returns>One value per name; null where one is missing.</returns>
    public FilmValue[]? Read(BidsImage image, out IReadOnlyList<string> missing)
    {
        var names = NamesOf(metadata);
        var values = names.Select(name => Value(image, name)).ToArray();
        missing = [.. names.Where((_, i) => values[i] is null)];
        return missing.Count == 0 ? [.. values.OfType<FilmValue>()] : null;
    }

    /// <summary>The value of one name; null where the image has none.</summary>
    public FilmValue? Value(BidsImage image, string name) => metadata switch
    {
        Contrasts => Contrast(image),
        MriParameters.Word => MriParameters.Value(name, image.Metadata.GetValueOrDefault(name) ?? columns.Value(image, name)),
        _ => columns.Value(image, name) is { } text && !string.IsNullOrWhiteSpace(text) ? new FilmValue(Plain(text)) : null,
    };

    /// <summary>A value that somebody wrote; null when it is no number where one is needed.</summary>
    public static FilmValue? Given(string metadata, string name, string text) => metadata switch
    {
        Contrasts => new FilmValue(text),
        MriParameters.Word => MriParameters.Value(name, text),
        _ => new FilmValue(Plain(text)),
    };

    private static FilmValue? Contrast(BidsImage image) =>
        image.Contrast.Length == 0 ? null : new FilmValue(image.Contrast, Otherwise: image.Suffix);

    /// <summary>One spelling per number: the tables of one dataset write 1 where those of another write 1.0. Codes such as 01 stay.</summary>
    private static string Plain(string text)
    {
        text = text.Trim();
        var isCode = text.Length > 1 && text[0] == '0' && char.IsAsciiDigit(text[1]);
        return !isCode && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number.ToString("R", CultureInfo.InvariantCulture)
            : text;
    }
}
