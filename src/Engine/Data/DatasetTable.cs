using System.Text.Encodings.Web;
using System.Text.Json;
using MedSeg.Engine.Bids;

namespace MedSeg.Engine.Data;

/// <summary>
/// Lays a dataset out as a table: one row per image with all that is known about it (its name, the dataset's tables, its sidecars), and
/// below it one row per label with the label's file, image and suffix.
/// </summary>
/// <remarks>
/// The plain name of a column has what <see cref="DatasetColumns"/> finds: tables before sidecars before the name. What is outvoted is kept
/// as <c>sidecar.x</c> and <c>name.x</c>, as the image's own columns keep <c>participants.x</c>.
/// </remarks>
internal sealed class DatasetTable
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string[] Ids = ["participant_id", "session_id", "sample_id"];

    private readonly DatasetColumns _lookUp;
    private readonly IReadOnlyList<BidsImage> _images;
    private readonly List<(string Name, Func<BidsImage, object?> Value)> _columns = [];
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);

    private DatasetTable(BidsDataset dataset, IReadOnlyList<BidsImage> images)
    {
        _lookUp = new DatasetColumns(dataset);
        _images = images;
    }

    /// <summary>The whole table in the order of the dataset's images.</summary>
    /// <param name="labelledOnly">Leave out images without a label, as training does.</param>
    /// <param name="labels">List the label files too.</param>
    public static BidsTable Of(BidsDataset dataset, bool labelledOnly = false, bool labels = true)
    {
        var table = new DatasetTable(dataset, [.. dataset.Images.Where(i => !labelledOnly || i.Labels.Count > 0)]);
        string[] file = ["filename", "path", "image", "target_suffix"];
        table._taken.UnionWith(file);
        table.AddColumns();
        var rows = new List<object?[]>();
        foreach (var image in table._images)
        {
            rows.Add([Path.GetFileName(image.Path), image.Path, image.RelativePath, null, .. table._columns.Select(c => c.Value(image))]);
            rows.AddRange(image.Labels.Where(_ => labels).Select(label => (object?[])
                [Path.GetFileName(label.Value), label.Value, image.RelativePath, label.Key, .. new object?[table._columns.Count]]));
        }

        string[] columns = [.. file, .. table._columns.Select(c => c.Name)];
        int[] used = [.. Enumerable.Range(0, columns.Length).Where(c => c < 3 || rows.Exists(r => r[c] is not null))];
        return new BidsTable(Array.ConvertAll(used, c => columns[c]), rows.ConvertAll(r => Array.ConvertAll(used, c => r[c])));
    }

    private void AddColumns()
    {
        var tables = Distinct(i => i.Columns.Keys);
        var sidecars = Distinct(i => i.Metadata.Keys).Order(StringComparer.Ordinal).ToList();
        var names = NameColumns.Of(_images);
        var (inTables, inSidecars) = (tables.ToHashSet(StringComparer.Ordinal), sidecars.ToHashSet(StringComparer.Ordinal));
        foreach (var name in names)
            Add(inTables.Contains(name) || inSidecars.Contains(name) ? "name." + name : name, i => NameColumns.Value(i, name));
        foreach (var id in Ids)
            Add(id, i => _lookUp.Value(i, id));
        foreach (var column in tables)
            Add(column, i => _lookUp.InTables(i, column) ?? Sidecar(i, column) ?? NameColumns.Value(i, column));
        foreach (var key in sidecars)
        {
            if (inTables.Contains(key))
                Add("sidecar." + key, i => Sidecar(i, key));
            else
                Add(key, i => Sidecar(i, key) ?? NameColumns.Value(i, key));
        }
    }

    private void Add(string name, Func<BidsImage, object?> value)
    {
        var unique = name;
        for (var n = 2; !_taken.Add(unique); n++)
            unique = FormattableString.Invariant($"{name}_{n}");
        _columns.Add((unique, value));
    }

    private List<string> Distinct(Func<BidsImage, IEnumerable<string>> keys) => [.. _images.SelectMany(keys).Distinct(StringComparer.Ordinal)];

    private static object? Sidecar(BidsImage image, string key) => image.Metadata.GetValueOrDefault(key) switch
    {
        null or string or bool or double => image.Metadata.GetValueOrDefault(key),
        var other => JsonSerializer.Serialize(other, Json),
    };
}
