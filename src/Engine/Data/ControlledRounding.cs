using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Data;

/// <summary>
/// Divides categories over sets in whole units so that every total is kept: entry (i, j) of the table is
/// rows[i]·columns[j]/n rounded down or up, every row sums to rows[i] and every column to columns[j]. Rounding each entry by
/// itself would miss the totals. The method is Cox (JASA 82:520–524, 1987): as long as there are fractions, a cycle of them is
/// shifted, adding and taking away in turn, until one becomes whole; the direction is drawn so that the expected value of every
/// entry is its exact share. Only whole numbers are used (fractions are counted in n-ths), so that all platforms agree.
/// </summary>
internal sealed class ControlledRounding
{
    private readonly long _unit;
    private readonly int[,] _whole;
    private readonly long[,] _parts;

    /// <summary>Nodes are the rows, then the columns; each has the fractions it is part of, as the node at their other end.</summary>
    private readonly SortedSet<int>[] _edges;

    private ControlledRounding(ReadOnlySpan<int> rows, ReadOnlySpan<int> columns)
    {
        foreach (var row in rows)
            _unit += row;
        _whole = new int[rows.Length, columns.Length];
        _parts = new long[rows.Length, columns.Length];
        _edges = [.. Enumerable.Range(0, rows.Length + columns.Length).Select(_ => new SortedSet<int>())];
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 0; j < columns.Length; j++)
            {
                (var whole, _parts[i, j]) = Math.DivRem((long)rows[i] * columns[j], Math.Max(1, _unit));
                _whole[i, j] = (int)whole;
                if (_parts[i, j] > 0)
                {
                    _edges[i].Add(rows.Length + j);
                    _edges[rows.Length + j].Add(i);
                }
            }
        }
    }

    /// <summary>The table, shape (rows, columns).</summary>
    /// <param name="rows">Size of each category, at least 0.</param>
    /// <param name="columns">Size of each set, at least 0; the sums of both must be equal.</param>
    /// <param name="random">Decides what is rounded up.</param>
    public static int[,] Of(ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, RandomStream random)
    {
        var table = new ControlledRounding(rows, columns);
        for (var row = 0; row < rows.Length; row++)
        {
            while (table._edges[row].Count > 0)
                table.Shift(table.Cycle(row), random);
        }

        return table._whole;
    }

    /// <summary>
    /// Entries along a cycle. Totals are whole, so that whoever has a fraction has another one, and a walk that never turns back
    /// meets itself.
    /// </summary>
    private List<(int Row, int Column)> Cycle(int start)
    {
        var path = new List<int> { start };
        var seen = new Dictionary<int, int> { [start] = 0 };
        for (var previous = -1; ;)
        {
            var here = path[^1];
            var next = _edges[here].Min == previous ? _edges[here].GetViewBetween(previous + 1, int.MaxValue).Min : _edges[here].Min;
            path.Add(next);
            if (seen.TryGetValue(next, out var first))
                return [.. path.Skip(first).Zip(path.Skip(first + 1), Entry)];
            seen[next] = path.Count - 1;
            previous = here;
        }
    }

    private (int Row, int Column) Entry(int a, int b) => (Math.Min(a, b), Math.Max(a, b) - _whole.GetLength(0));

    private void Shift(List<(int Row, int Column)> cycle, RandomStream random)
    {
        var up = Room(cycle, 0);
        var down = Room(cycle, 1);
        var forward = random.Next((int)(up + down)) < down;
        var step = forward ? up : -down;
        foreach (var (row, column) in cycle)
        {
            _parts[row, column] += step;
            step = -step;
            if (_parts[row, column] == _unit)
            {
                _whole[row, column]++;
                _parts[row, column] = 0;
            }

            if (_parts[row, column] == 0)
            {
                var node = _whole.GetLength(0) + column;
                _edges[row].Remove(node);
                _edges[node].Remove(row);
            }
        }
    }

    /// <summary>How far the entries can go when those at even places (plus <paramref name="odd"/>) grow and the others shrink.</summary>
    private long Room(List<(int Row, int Column)> cycle, int odd) =>
        cycle.Select((entry, k) => (k + odd) % 2 == 0 ? _unit - _parts[entry.Row, entry.Column] : _parts[entry.Row, entry.Column]).Min();
}
