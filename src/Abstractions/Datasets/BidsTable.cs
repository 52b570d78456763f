namespace MedSeg;

/// <summary>A dataset as a table with one row per image and per label file.</summary>
/// <param name="Columns">Names, unique whatever their case. A column without any value is left out.</param>
/// <param name="Rows">
/// One cell per column: text, number (double), true or false, or null. Lists and objects of sidecars are JSON text.
/// </param>
public sealed record BidsTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows);
