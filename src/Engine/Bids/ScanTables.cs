namespace MedSeg.Engine.Bids;

/// <summary>
/// The <c>…_scans.tsv</c> files of the subjects' folders. The column filename is a path from the table's own folder; where no such
/// file exists, the base name counts if one file of the subject has it. Of two tables the one in the deeper folder is used.
/// </summary>
internal sealed class ScanTables
{
    public const string Ending = "scans.tsv";

    private const string FileColumn = "filename";
    private const string FromRoot = "bids::";

    private readonly string _root;
    private readonly List<BidsFinding> _findings;
    private readonly Dictionary<string, IReadOnlyDictionary<string, string?>> _rows = new(StringComparer.Ordinal);
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Subject, string Name), List<string>> _byName = [];

    public ScanTables(string root, BidsTree tree, List<BidsFinding> findings)
    {
        _root = root;
        _findings = findings;
        var tables = tree.RawFiles.FindAll(f => IsTable(f.Name));
        if (tables.Count == 0)
            return;
        foreach (var file in tree.RawFiles)
        {
            _paths.Add(file.RelativePath);
            var key = (SubjectOf(file), file.Name);
            if (!_byName.TryGetValue(key, out var paths))
                _byName.Add(key, paths = []);
            paths.Add(file.RelativePath);
        }

        foreach (var table in tables.OrderByDescending(f => f.Folder.Count(c => c == '/')).ThenBy(f => f.RelativePath, StringComparer.Ordinal))
            Add(table);
    }

    /// <summary>All columns but the file name's.</summary>
    public HashSet<string> Columns { get; } = new(StringComparer.Ordinal);

    /// <summary>The row of a file, or null.</summary>
    public IReadOnlyDictionary<string, string?>? Find(BidsFile file) => _rows.GetValueOrDefault(file.RelativePath);

    private static bool IsTable(string name) => name is Ending || name.EndsWith("_" + Ending, StringComparison.Ordinal);

    /// <summary>The subject's folder on the way to a file; the first folder where there is none.</summary>
    private static string SubjectOf(BidsFile file)
    {
        var folders = file.Folder.Split('/');
        return Array.Find(folders, f => f.StartsWith("sub-", StringComparison.Ordinal)) ?? folders[0];
    }

    private void Add(BidsFile file)
    {
        var path = BidsTree.FullPath(_root, file.RelativePath);
        var subject = SubjectOf(file);
        var named = file.Name.Split('_')[0];
        if (named.StartsWith("sub-", StringComparison.Ordinal) && !string.Equals(named, subject, StringComparison.Ordinal))
        {
            _findings.Add(FindingCatalog.SubjectMismatch.At(path, $"{file.RelativePath} is named after {named} and lies in the folder of {subject}."));
            return;
        }

        if (TsvTable.Read(path, _findings) is not { } table)
            return;
        var index = table.IndexOf(FileColumn);
        if (index < 0)
        {
            _findings.Add(FindingCatalog.TableColumn.At(
                path, $"{file.Name} has no column '{FileColumn}' (it has: {string.Join(", ", table.Columns)}); the table is not used."));
            return;
        }

        Columns.UnionWith(table.Columns.Where((c, i) => i != index && c.Length > 0));
        var unmatched = new List<string>();
        foreach (var row in table.Rows)
        {
            if (row.Cells[index] is not { } name || Locate(file.Folder, subject, name) is not { } target)
                unmatched.Add($"'{row.Cells[index]}' (line {row.Line})");
            else if (!_rows.TryAdd(target, TableRows.WithoutIds(table.ToDictionary(row, index))))
                _findings.Add(FindingCatalog.DuplicateRow.At(path, $"{file.Name} line {row.Line} names '{target}' again."));
        }

        TableRows.ReportUnmatched(path, "file of the subject", unmatched, _findings);
    }

    /// <summary>The file that a cell names, as a path below the root; null when there is none or the base name does not decide.</summary>
    private string? Locate(string folder, string subject, string name)
    {
        var cell = name.Replace('\\', '/');
        var path = cell.StartsWith(FromRoot, StringComparison.Ordinal) ? cell[FromRoot.Length..] : folder + "/" + cell;
        if (_paths.Contains(path))
            return path;
        return _byName.TryGetValue((subject, cell[(cell.LastIndexOf('/') + 1)..]), out var paths) && paths.Count == 1 ? paths[0] : null;
    }
}
