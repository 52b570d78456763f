using MedSeg.Engine.Bids;
using MedSeg.Engine.Data;
using MedSeg.Engine.Data.Film;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Inference;

/// <summary>
/// Finds what FiLM modulates an image by: what the caller gave, else what the dataset knows, else of a bare file its JSON sidecar and its
/// name.
/// </summary>
internal sealed class FilmInputs
{
    private static readonly DatasetColumns ImageAlone = new(new BidsDataset { Roots = [], Name = "", Subjects = [], Images = [] });

    private readonly SegFilm _film;
    private readonly FilmReader _reader;
    private readonly Dictionary<string, FilmValue> _given;

    private FilmInputs(SegFilm film, Dictionary<string, FilmValue> given) =>
        (_film, _reader, _given) = (film, new FilmReader(film.Metadata, ImageAlone), given);

    /// <summary>For a model; null where it takes images alone.</summary>
    /// <param name="metadata">What the caller gave: names of parts with their values; an empty name stands for the only part. Null for nothing.</param>
    /// <exception cref="SegException"><c>FilmMetadataUnused</c>, <c>FilmMetadataName</c> or <c>FilmCategoryUnknown</c>.</exception>
    public static FilmInputs? Of(SegModel model, IReadOnlyDictionary<string, string>? metadata)
    {
        if (model.Film is { } film)
            return new FilmInputs(film, Given(model, film, metadata ?? new Dictionary<string, string>()));
        return metadata is null ? null : throw new SegException(
            "FilmMetadataUnused", SegErrorKind.InvalidArgument, $"{model.Name} takes images alone; it was trained without FiLM.",
            "Leave -Metadata out.", model.Name);
    }

    /// <summary>The values of an image, in the order of the model's parts.</summary>
    /// <exception cref="SegException"><c>FilmValueMissing</c>.</exception>
    public IReadOnlyList<FilmValue> Of(PredictionInput input)
    {
        // What is given needs no sidecar, which may be damaged.
        var image = new Lazy<BidsImage>(() => input.Image ?? StandIn(input.Path));
        var values = _film.Parts.Select(part => _given.GetValueOrDefault(part.Name) ?? _reader.Value(image.Value, part.Name)).ToArray();
        if (values.All(value => value is not null))
            return values!;
        var missing = string.Join(", ", _film.Parts.Where((_, p) => values[p] is null).Select(part => part.Name));
        throw new SegException(
            "FilmValueMissing", SegErrorKind.InvalidData, $"'{input.Path}' has no usable {missing}, which the model needs beside the image.",
            $"Add it to the dataset's tables or the image's JSON sidecar, or give it with -Metadata. Known: {_film}.", input.Path);
    }

    /// <summary>What lets the caller know of a part that stays zero.</summary>
    public static string Unknown(string path, SegFilmPart part, FilmValue value) =>
        $"'{path}' has {part.Name} '{value.Text}', with which the model was not trained; it is predicted without. Known: {part}.";

    private static Dictionary<string, FilmValue> Given(SegModel model, SegFilm film, IReadOnlyDictionary<string, string> metadata)
    {
        var given = new Dictionary<string, FilmValue>(StringComparer.Ordinal);
        foreach (var (name, text) in metadata)
        {
            var part = film.Parts.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                ?? (name.Length == 0 && film.Parts.Count == 1 ? film.Parts[0] : throw WrongName(model, film, name));
            var value = FilmReader.Given(film.Metadata, part.Name, text);
            given[part.Name] = value is not null && FilmEncoder.PlaceOf(part, value) >= 0 ? value : throw UnknownCategory(model, part, text);
        }

        return given;
    }

    /// <summary>What a bare file's name and the JSON file of the same name beside it say.</summary>
    private BidsImage StandIn(string path)
    {
        var extension = ImageFile.ExtensionOf(path);
        var stem = Path.GetFileName(path)[..^extension.Length];
        var name = BidsName.Parse(stem, out _) is { Subject: not null } parsed ? parsed : null;
        var ending = name is not null || _film.Metadata != FilmReader.Contrasts ? null
            : _film.Parts[0].Categories.OrderByDescending(c => c.Length).FirstOrDefault(c => ("_" + stem).EndsWith("_" + c, StringComparison.Ordinal));
        return new BidsImage
        {
            Path = path,
            Root = Path.GetDirectoryName(Path.GetFullPath(path))!,
            RelativePath = Path.GetFileName(path),
            Subject = name?.Subject ?? "",
            Entities = name?.Entities.Where(entity => entity.Key != "sub").ToDictionary() ?? [],
            Suffix = name?.Suffix ?? ending ?? "",
            Contrast = name?.Contrast ?? ending ?? "",
            DataType = "",
            Extension = extension,
            Metadata = _film.Metadata == FilmReader.Contrasts ? new Dictionary<string, object?>() : Sidecar(path, path[..^extension.Length] + ".json"),
        };
    }

    private static IReadOnlyDictionary<string, object?> Sidecar(string path, string json)
    {
        if (!File.Exists(json))
            return new Dictionary<string, object?>();
        return SafeJson.ReadObject(json, out var problem) ?? throw new SegException(
            "FilmValueMissing", SegErrorKind.InvalidData, $"The sidecar '{json}' of '{path}' {problem}", "Correct it, or give what it says with -Metadata.", json);
    }

    private static SegException WrongName(SegModel model, SegFilm film, string name) => new(
        "FilmMetadataName", SegErrorKind.InvalidArgument,
        name.Length == 0
            ? $"{model.Name} takes {film.Parts.Count} values ({string.Join(", ", film.Parts.Select(part => part.Name))}), not one."
            : $"{model.Name} does not take '{name}'; it takes {string.Join(", ", film.Parts.Select(part => part.Name))}.",
        film.Parts.Count == 1
            ? $"Give one of {string.Join(", ", film.Parts[0].Categories)}."
            : "Give a hashtable, for example @{ FlipAngle = 15; RepetitionTime = 2.5; EchoTime = 0.03; Manufacturer = 'Siemens' }.",
        "Metadata");

    private static SegException UnknownCategory(SegModel model, SegFilmPart part, string text) => new(
        "FilmCategoryUnknown", SegErrorKind.InvalidArgument,
        $"{model.Name} was not trained with {part.Name} '{text}'.",
        $"Give what it was trained with: {part}.", "Metadata");
}
