using System.Text.Json;
using MedSeg.Engine.Data.Film;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Packaging;

/// <summary><c>NAME.film.json</c> of a packaged model: by what its network is modulated. The manifest has its hash.</summary>
internal static class FilmFile
{
    /// <summary>After the model's name.</summary>
    public const string Ending = ".film.json";

    private const long LargestBytes = 1L << 22;

    /// <summary>More than any network that fits into memory takes.</summary>
    private const int MostNumbers = 1 << 16;

    public static string ToJson(SegFilm film) => JsonSerializer.Serialize(film, ModelManifest.Json) + "\n";

    /// <exception cref="JsonException">It is not what <see cref="ToJson"/> writes.</exception>
    /// <exception cref="IOException">It cannot be read, or is too large.</exception>
    public static SegFilm Read(string path)
    {
        SegFilm film = JsonSerializer.Deserialize<SegFilm>(BoundedFile.ReadAllBytes(path, LargestBytes), ModelManifest.Json) ?? throw new JsonException("it is empty");
        if (film.Parts.Count == 0 || string.IsNullOrEmpty(film.Metadata)) throw new JsonException("it names nothing to modulate by");
        foreach (SegFilmPart part in film.Parts) RequireSound(part);
        if (!film.Parts.Select(part => part.Name).SequenceEqual(FilmReader.NamesOf(film.Metadata), StringComparer.Ordinal))
            throw new JsonException($"'{film.Metadata}' has other parts than {string.Join(", ", film.Parts.Select(part => part.Name))}");
        if (film.Parts.Sum(part => (long)part.Categories.Count) > MostNumbers) throw new JsonException("it has too many categories");
        return film;
    }

    private static void RequireSound(SegFilmPart? part)
    {
        if (part is null || string.IsNullOrEmpty(part.Name) || part.Categories.Any(string.IsNullOrEmpty))
            throw new JsonException("a part or a category has no name");
        if (part.Categories.Count == 0 || part.Categories.Distinct(StringComparer.Ordinal).Count() != part.Categories.Count)
            throw new JsonException($"'{part.Name}' has no category, or one twice");
        if (part.Boundaries is { } boundaries && (!boundaries.All(double.IsFinite) || boundaries.Zip(boundaries.Skip(1)).Any(pair => pair.First >= pair.Second)))
            throw new JsonException($"the boundaries of '{part.Name}' do not ascend");
    }
}
