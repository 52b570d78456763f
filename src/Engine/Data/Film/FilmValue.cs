namespace MedSeg.Engine.Data.Film;

/// <summary>What is known of one image about one part of the metadata.</summary>
/// <param name="Text">As it is shown, and as it is compared with the categories of names.</param>
/// <param name="Number">Of a measured part.</param>
/// <param name="Otherwise">A wider name, for models that do not know the exact one.</param>
internal sealed record FilmValue(string Text, double? Number = null, string? Otherwise = null);
