using System.Buffers;
using System.Numerics.Tensors;

namespace MedSeg.Engine.Transforms;

/// <summary>
/// Contrast-limited adaptive histogram equalisation of slices and volumes, with the conventions of scikit-image 0.19: values are
/// stretched to 2¹⁴ gray levels, each tile of the kernel's size has a cumulated histogram of 256 bins, and every voxel is mapped by
/// those of the nearest tile centres, interpolated linearly. The result is stretched to 0 … 1. Values may have any range.
/// </summary>
internal static class LocalEqualizer
{
    internal const int Levels = 1 << 14;
    private const int BinSize = 1 + (Levels / TileHistogram.Bins);

    /// <summary>Equalises one plane; where all values are equal the result is 0.</summary>
    /// <param name="source">size.Count values.</param>
    /// <param name="size">Grid of both planes.</param>
    /// <param name="kernel">Size of a tile, with D = 1 for slices.</param>
    /// <param name="clipLimit">Part of a tile's voxels that one bin may hold; 0 is no limit.</param>
    /// <param name="destination">size.Count values; must not overlap the source.</param>
    public static void Equalize(ReadOnlySpan<float> source, GridSize size, GridSize kernel, double clipLimit, Span<float> destination)
    {
        destination = destination[..source.Length];
        float low = TensorPrimitives.Min(source), high = TensorPrimitives.Max(source);
        if (!(high > low))
        {
            destination.Clear();
            return;
        }

        var bins = ArrayPool<byte>.Shared.Rent(source.Length);
        Stretch(source, low, high, Levels - 1, destination);
        TensorPrimitives.Round(destination, destination);
        for (var i = 0; i < destination.Length; i++)
            bins[i] = (byte)((int)destination[i] / BinSize);
        var tiles = new Tiles(bins, size, kernel, clipLimit);
        for (var h = 0; h < size.H; h++)
            tiles.MapRow(h, destination.Slice(h * size.W * size.D, size.W * size.D));
        ArrayPool<byte>.Shared.Return(bins);
        TensorPrimitives.Truncate(destination, destination);
        (low, high) = (TensorPrimitives.Min<float>(destination), TensorPrimitives.Max<float>(destination));
        if (high > low)
            Stretch(destination, low, high, 1, destination);
        else
            destination.Clear();
    }

    /// <summary>(x − low)/(high − low)·top, in this order, on which the bin of a value at its border depends.</summary>
    private static void Stretch(ReadOnlySpan<float> source, float low, float high, float top, Span<float> destination)
    {
        TensorPrimitives.Subtract(source, low, destination);
        TensorPrimitives.Divide(destination, high - low, destination);
        TensorPrimitives.Multiply(destination, top, destination);
    }

    /// <summary>How one axis is cut into tiles.</summary>
    private sealed class Axis
    {
        public Axis(int n, int kernel)
        {
            Count = (n + kernel - 1) / kernel;
            Voxels = new int[Count * kernel];
            for (var i = 0; i < Voxels.Length; i++)
                Voxels[i] = Mirror(i, n);
            (Lower, Upper, Fraction) = (new int[n], new int[n], new float[n]);
            for (var i = 0; i < n; i++)
            {
                var place = i + (kernel / 2);
                Lower[i] = Math.Clamp((place / kernel) - 1, 0, Count - 1);
                Upper[i] = Math.Clamp(place / kernel, 0, Count - 1);
                Fraction[i] = (float)(place % kernel) / kernel;
            }
        }

        /// <summary>Number of tiles; the last may go beyond the edge.</summary>
        public int Count { get; }

        /// <summary>The voxel at each place of the tiles; beyond the edge mirrored, the edge voxel not repeated.</summary>
        public int[] Voxels { get; }

        /// <summary>The tile whose centre lies before each voxel, or the first.</summary>
        public int[] Lower { get; }

        /// <summary>The tile whose centre lies behind each voxel, or the last.</summary>
        public int[] Upper { get; }

        /// <summary>How far each voxel is on its way between the two.</summary>
        public float[] Fraction { get; }

        private static int Mirror(int i, int n)
        {
            if (n == 1)
                return 0;
            i %= 2 * (n - 1);
            return i < n ? i : (2 * (n - 1)) - i;
        }
    }

    /// <summary>The mappings of two rows of tiles at a time, made when the voxels come to them.</summary>
    private sealed class Tiles
    {
        private readonly byte[] _bins;
        private readonly GridSize _size;
        private readonly GridSize _kernel;
        private readonly Axis _h;
        private readonly Axis _w;
        private readonly Axis _d;
        private readonly int _limit;
        private readonly ushort[][] _maps;
        private readonly int[] _held = [-1, -1];

        public Tiles(byte[] bins, GridSize size, GridSize kernel, double clipLimit)
        {
            (_bins, _size, _kernel) = (bins, size, kernel);
            (_h, _w, _d) = (new(size.H, kernel.H), new(size.W, kernel.W), new(size.D, kernel.D));
            _limit = clipLimit > 0 ? (int)Math.Clamp(clipLimit * kernel.Count, 1, kernel.Count) : kernel.Count;
            _maps = [new ushort[_w.Count * _d.Count * TileHistogram.Bins], new ushort[_w.Count * _d.Count * TileHistogram.Bins]];
        }

        /// <summary>Maps the voxels (h, w, d) of one h.</summary>
        public void MapRow(int h, Span<float> destination)
        {
            var bins = _bins.AsSpan(h * _size.W * _size.D, _size.W * _size.D);
            if (_size.D == 1)
                MapFlat(bins, Maps(_h.Lower[h]), Maps(_h.Upper[h]), _h.Fraction[h], destination);
            else
                MapDeep(bins, Maps(_h.Lower[h]), Maps(_h.Upper[h]), _h.Fraction[h], destination);
        }

        private void MapFlat(ReadOnlySpan<byte> bins, ReadOnlySpan<ushort> lower, ReadOnlySpan<ushort> upper, float across, Span<float> destination)
        {
            for (var w = 0; w < bins.Length; w++)
            {
                var first = (_w.Lower[w] * TileHistogram.Bins) + bins[w];
                var second = (_w.Upper[w] * TileHistogram.Bins) + bins[w];
                var along = _w.Fraction[w];
                destination[w] = Blend(Blend(lower[first], lower[second], along), Blend(upper[first], upper[second], along), across);
            }
        }

        private void MapDeep(ReadOnlySpan<byte> bins, ReadOnlySpan<ushort> lower, ReadOnlySpan<ushort> upper, float across, Span<float> destination)
        {
            var (near, far) = (Array.ConvertAll(_d.Lower, t => t * TileHistogram.Bins), Array.ConvertAll(_d.Upper, t => t * TileHistogram.Bins));
            var i = 0;
            for (var w = 0; w < _size.W; w++)
            {
                var step = _d.Count * TileHistogram.Bins;
                var (first, second, along) = (_w.Lower[w] * step, _w.Upper[w] * step, _w.Fraction[w]);
                ReadOnlySpan<ushort> a = lower.Slice(first, step), b = lower.Slice(second, step);
                ReadOnlySpan<ushort> c = upper.Slice(first, step), e = upper.Slice(second, step);
                for (var d = 0; d < near.Length; d++, i++)
                {
                    var (p, q, deep) = (near[d] + bins[i], far[d] + bins[i], _d.Fraction[d]);
                    destination[i] = Blend(
                        Blend(Blend(a[p], a[q], deep), Blend(b[p], b[q], deep), along),
                        Blend(Blend(c[p], c[q], deep), Blend(e[p], e[q], deep), along),
                        across);
                }
            }
        }

        private static float Blend(float first, float second, float fraction) => (first * (1 - fraction)) + (second * fraction);

        /// <summary>The mappings of one row of tiles. Voxels need at most two neighbouring rows, and never go back.</summary>
        private ushort[] Maps(int tile)
        {
            var slot = tile & 1;
            if (_held[slot] != tile)
            {
                _held[slot] = tile;
                Fill(tile, _maps[slot]);
            }

            return _maps[slot];
        }

        private void Fill(int tile, Span<ushort> maps)
        {
            Span<int> histogram = stackalloc int[TileHistogram.Bins];
            for (var w = 0; w < _w.Count; w++)
            {
                for (var d = 0; d < _d.Count; d++, maps = maps[TileHistogram.Bins..])
                {
                    histogram.Clear();
                    Count(tile, w, d, histogram);
                    TileHistogram.Clip(histogram, _limit);
                    TileHistogram.ToMap(histogram, _kernel.Count, maps);
                }
            }
        }

        private void Count(int tileH, int tileW, int tileD, Span<int> histogram)
        {
            foreach (var h in _h.Voxels.AsSpan(tileH * _kernel.H, _kernel.H))
            {
                foreach (var w in _w.Voxels.AsSpan(tileW * _kernel.W, _kernel.W))
                {
                    var line = _bins.AsSpan(((h * _size.W) + w) * _size.D, _size.D);
                    foreach (var d in _d.Voxels.AsSpan(tileD * _kernel.D, _kernel.D))
                        histogram[line[d]]++;
                }
            }
        }
    }
}
