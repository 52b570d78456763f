using System.Globalization;

namespace MedSeg.Engine.Data.Film;

/// <summary>Learns the categories of a model and turns values into its numbers.</summary>
internal static class FilmEncoder
{
    /// <summary>Learns from the training images alone.</summary>
    /// <param name="metadata">contrasts, mri_params or a column.</param>
    /// <param name="images">The values of each image, in the order of <see cref="FilmReader.NamesOf"/>.</param>
    public static SegFilm Learn(string metadata, IReadOnlyList<FilmValue[]> images) => new(
        metadata, [.. FilmReader.NamesOf(metadata).Select((name, i) => LearnPart(name, [.. images.Select(values => values[i])]))]);

    /// <summary>One 1 per part, at the place of the image's category; only zeros in a part whose category training did not have.</summary>
    /// <param name="values">In the order of the parts.</param>
    /// <param name="unknown">Told about each part that stays zero.</param>
    public static float[] Encode(SegFilm film, IReadOnlyList<FilmValue> values, Action<SegFilmPart, FilmValue>? unknown = null)
    {
        var row = new float[film.Width];
        var start = 0;
        for (var p = 0; p < film.Parts.Count; p++)
        {
            var part = film.Parts[p];
            var place = PlaceOf(part, values[p]);
            if (place >= 0)
                row[start + place] = 1;
            else
                unknown?.Invoke(part, values[p]);
            start += part.Categories.Count;
        }

        return row;
    }

    /// <summary>The place of a value's category, or −1.</summary>
    public static int PlaceOf(SegFilmPart part, FilmValue value)
    {
        if (part.Boundaries is { } boundaries)
            return value.Number is { } number ? Find(part, ClusterName(number, boundaries)) : -1;
        var place = Find(part, value.Text);
        return place < 0 && value.Otherwise is { } wider ? Find(part, wider) : place;
    }

    private static SegFilmPart LearnPart(string name, FilmValue[] values)
    {
        if (values.Length == 0 || values[0].Number is null)
            return new SegFilmPart(name, Sorted(values.Select(value => value.Text)));
        double[] numbers = [.. values.Select(value => value.Number!.Value)];
        var boundaries = DensityClusters.Boundaries(numbers, MriParameters.GridOf(name, numbers));
        return new SegFilmPart(name, Sorted(numbers.Select(number => ClusterName(number, boundaries))), boundaries);
    }

    private static string[] Sorted(IEnumerable<string> names) => [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static string ClusterName(double number, IReadOnlyList<double> boundaries) =>
        DensityClusters.Of(number, boundaries).ToString(CultureInfo.InvariantCulture);

    private static int Find(SegFilmPart part, string category)
    {
        for (var i = 0; i < part.Categories.Count; i++)
        {
            if (string.Equals(part.Categories[i], category, StringComparison.Ordinal))
                return i;
        }

        return -1;
    }
}
