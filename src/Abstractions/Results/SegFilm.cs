namespace MedSeg;

/// <summary>
/// How a model with FiLM turns what is known of an image into the numbers that modulate it: one-hot vectors of categories that were
/// learnt from the training images, one after the other.
/// </summary>
/// <param name="Metadata">contrasts, mri_params or the name of a column.</param>
/// <param name="Parts">What is looked at, in the order of the numbers.</param>
public sealed record SegFilm(string Metadata, IReadOnlyList<SegFilmPart> Parts)
{
    /// <summary>Numbers per image.</summary>
    public int Width => Parts.Sum(part => part.Categories.Count);

    public override string ToString() => string.Join("; ", Parts.Select(part => part.ToString()));
}

/// <summary>One thing that is looked at.</summary>
/// <param name="Name">contrast, a key of the JSON sidecar such as EchoTime, or the column.</param>
/// <param name="Categories">What occurred in training, in ordinal order; of a measured value the numbers of the intervals, from 0.</param>
/// <param name="Boundaries">Of a measured value where one interval ends and the next begins, ascending; null of a name.</param>
public sealed record SegFilmPart(string Name, IReadOnlyList<string> Categories, IReadOnlyList<double>? Boundaries = null)
{
    public override string ToString() => Boundaries is null
        ? $"{Name}: {string.Join(", ", Categories)}"
        : $"{Name}: {Boundaries.Count + 1} interval(s)"
            + (Boundaries.Count == 0 ? "" : $" divided at {string.Join(", ", Boundaries.Select(b => b.ToString("G4", System.Globalization.CultureInfo.InvariantCulture)))}");
}
