using System.Buffers;
using System.Numerics.Tensors;

namespace MedSeg.Engine.Transforms;

/// <summary>
/// Rings around objects. An object of s voxels (connected by faces, values above ½) gets n = round(factor·√s) rings, half to even;
/// the voxels at city-block distance d ≤ n from it get (n + 1 − d)/(n + 1). What several objects give to a voxel is added and cut
/// at 1.
/// </summary>
/// <remarks>
/// One breadth-first search per object visits its voxels and its rings and nothing else, where n dilations would pass over the whole
/// grid n times. It works on the box that the objects can reach, with a border of one voxel so that no neighbour needs a check.
/// </remarks>
internal static class SoftDilation
{
    private const byte Outside = 2;

    /// <summary>Dilates a plane; one without any value but 0 stays as it is, as with a factor of 0.</summary>
    /// <param name="source">size.Count values.</param>
    /// <param name="size">Grid of both planes.</param>
    /// <param name="factor">At least 0.</param>
    /// <param name="destination">size.Count values; must not overlap the source.</param>
    public static void Dilate(ReadOnlySpan<float> source, GridSize size, double factor, Span<float> destination)
    {
        destination = destination[..source.Length];
        if (factor <= 0 || !source.ContainsAnyExcept(0f))
        {
            source.CopyTo(destination);
            return;
        }

        destination.Clear();
        if (Box.Around(source, size, factor) is { } box)
            new Search(box, source, size, factor).Run(destination);
    }

    /// <summary>Voxels per ring and object.</summary>
    internal static double Rings(double factor, int voxels) => Math.Round(factor * Math.Sqrt(voxels), MidpointRounding.ToEven);

    /// <summary>The part of the grid that objects and rings can reach: first voxel and size.</summary>
    private readonly record struct Box(int H, int W, int D, GridSize Size)
    {
        public static Box? Around(ReadOnlySpan<float> source, GridSize size, double factor)
        {
            var (from, to, count) = (new[] { int.MaxValue, int.MaxValue, int.MaxValue }, new[] { -1, -1, -1 }, 0);
            for (var line = 0; line < size.H * size.W; line++)
            {
                var values = source.Slice(line * size.D, size.D);
                if (size.D == 1 ? !(values[0] > 0.5f) : !(TensorPrimitives.Max(values) > 0.5f))
                    continue;
                for (var d = 0; d < size.D; d++)
                {
                    if (!(values[d] > 0.5f))
                        continue;
                    count++;
                    (from[2], to[2]) = (Math.Min(from[2], d), Math.Max(to[2], d));
                }

                (from[0], to[0]) = (Math.Min(from[0], line / size.W), line / size.W);
                (from[1], to[1]) = (Math.Min(from[1], line % size.W), Math.Max(to[1], line % size.W));
            }

            if (count == 0)
                return null;
            var reach = (int)Math.Min(Rings(factor, count), size.H + size.W + size.D);
            for (var axis = 0; axis < 3; axis++)
                (from[axis], to[axis]) = (Math.Max(0, from[axis] - reach), Math.Min(size[axis] - 1, to[axis] + reach));
            return new(from[0], from[1], from[2], new(to[0] - from[0] + 1, to[1] - from[1] + 1, to[2] - from[2] + 1));
        }
    }

    private sealed class Search
    {
        private readonly Box _box;
        private readonly GridSize _grid;
        private readonly double _factor;
        private readonly int _row;
        private readonly int _plane;
        private readonly int[] _neighbours;

        /// <summary>1 in objects that are not visited yet, <see cref="Outside"/> in the border.</summary>
        private readonly byte[] _marks;

        /// <summary>Number of the object whose search came here last.</summary>
        private readonly int[] _visits;
        private readonly float[] _sums;
        private readonly int[] _queue;
        private readonly int _count;

        public Search(Box box, ReadOnlySpan<float> source, GridSize grid, double factor)
        {
            (_box, _grid, _factor) = (box, grid, factor);
            // A slice needs no border along its third axis, because it has no neighbours there.
            var flat = grid.D == 1;
            _row = flat ? 1 : box.Size.D + 2;
            _plane = (box.Size.W + 2) * _row;
            _count = (box.Size.H + 2) * _plane;
            _neighbours = flat ? [-_plane, -_row, _row, _plane] : [-_plane, -_row, -1, 1, _row, _plane];
            _marks = ArrayPool<byte>.Shared.Rent(_count);
            _visits = ArrayPool<int>.Shared.Rent(_count);
            _sums = ArrayPool<float>.Shared.Rent(_count);
            _queue = ArrayPool<int>.Shared.Rent(_count);
            _visits.AsSpan(0, _count).Clear();
            _sums.AsSpan(0, _count).Clear();
            _marks.AsSpan(0, _count).Fill(Outside);
            for (var h = 0; h < box.Size.H; h++)
            {
                for (var w = 0; w < box.Size.W; w++)
                {
                    var marks = _marks.AsSpan(Start(h, w), box.Size.D);
                    var values = source.Slice(GridStart(h, w), box.Size.D);
                    for (var d = 0; d < marks.Length; d++)
                        marks[d] = values[d] > 0.5f ? (byte)1 : (byte)0;
                }
            }
        }

        public void Run(Span<float> destination)
        {
            var number = 0;
            for (var at = _marks.AsSpan(0, _count).IndexOf((byte)1); at >= 0;)
            {
                Spread(at, ++number);
                var further = _marks.AsSpan(at, _count - at).IndexOf((byte)1);
                at = further < 0 ? -1 : at + further;
            }

            for (var h = 0; h < _box.Size.H; h++)
            {
                for (var w = 0; w < _box.Size.W; w++)
                    TensorPrimitives.Min(_sums.AsSpan(Start(h, w), _box.Size.D), 1, destination.Slice(GridStart(h, w), _box.Size.D));
            }

            ArrayPool<byte>.Shared.Return(_marks);
            ArrayPool<int>.Shared.Return(_visits);
            ArrayPool<float>.Shared.Return(_sums);
            ArrayPool<int>.Shared.Return(_queue);
        }

        private int Start(int h, int w) => ((h + 1) * _plane) + ((w + 1) * _row) + (_grid.D == 1 ? 0 : 1);

        private int GridStart(int h, int w) => ((((_box.H + h) * _grid.W) + _box.W + w) * _grid.D) + _box.D;

        /// <summary>Visits the object around a voxel, then its rings.</summary>
        private void Spread(int seed, int number)
        {
            _marks[seed] = 0;
            _visits[seed] = number;
            _queue[0] = seed;
            var size = 1;
            for (var i = 0; i < size; i++)
            {
                var at = _queue[i];
                _sums[at] += 1;
                foreach (var step in _neighbours)
                {
                    var next = at + step;
                    if (_marks[next] != 1)
                        continue;
                    _marks[next] = 0;
                    _visits[next] = number;
                    _queue[size++] = next;
                }
            }

            var rings = Rings(_factor, size);
            var (from, to) = (0, size);
            for (var ring = 1; ring <= rings && from < to; ring++)
            {
                var value = (float)((rings + 1 - ring) / (rings + 1));
                (from, to) = (to, Grow(from, to, number, value));
            }
        }

        /// <summary>Adds the next ring to the queue and returns its end.</summary>
        private int Grow(int from, int to, int number, float value)
        {
            var end = to;
            for (var i = from; i < to; i++)
            {
                foreach (var step in _neighbours)
                {
                    var next = _queue[i] + step;
                    if (_visits[next] == number || _marks[next] == Outside)
                        continue;
                    _visits[next] = number;
                    _sums[next] += value;
                    _queue[end++] = next;
                }
            }

            return end;
        }
    }
}
