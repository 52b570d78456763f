using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MedSeg.Engine.Transforms;

/// <summary>
/// Displaces a grid one layer (all voxels of one index along H) at a time: first the places of all its voxels in vectors, as index
/// of a voxel and weights of the voxels after it, then the values. Its memory is pooled; <see cref="Release"/> gives it back.
/// </summary>
internal readonly struct WarpRows
{
    private static readonly int Step = Vector256<float>.Count;

    private readonly GridSize _size;
    private readonly int[] _at;

    // Places along H, W and D, which become the weights; and the places of an undisplaced layer along W and D.
    private readonly float[] _h;
    private readonly float[] _w;
    private readonly float[] _d;
    private readonly float[] _restW;
    private readonly float[] _restD;

    public WarpRows(GridSize size)
    {
        _size = size;
        var layer = size.W * size.D;
        _at = ArrayPool<int>.Shared.Rent(layer + Step);
        (_h, _w, _d, _restW, _restD) = (Floats(layer), Floats(layer), Floats(layer), Floats(layer), Floats(layer));
        for (var (w, o) = (0, 0); w < size.W; w++)
        {
            for (var d = 0; d < size.D; d++, o++)
                (_restW[o], _restD[o]) = (w, d);
        }

        // The vectors run over the end of the layer.
        _restW.AsSpan(layer, Step).Clear();
        _restD.AsSpan(layer, Step).Clear();
    }

    /// <summary>One layer of a displaced grid.</summary>
    /// <param name="source">The whole grid.</param>
    /// <param name="shifts">Displacements of the whole grid along H, W (and D).</param>
    /// <param name="before">A map that the source goes through first; null for none.</param>
    /// <param name="h">The layer.</param>
    public void Layer(ReadOnlySpan<float> source, float[][] shifts, AffineStep? before, int h, Span<float> destination)
    {
        var layer = _size.W * _size.D;
        Rest(shifts[0], h, _h);
        Rest(shifts[1], h, _w);
        if (shifts.Length > 2)
            Rest(shifts[2], h, _d);
        else
            _d.AsSpan(0, layer + Step).Clear();
        for (var o = 0; o < layer; o += Step)
        {
            var y = Folded(Vector256.LoadUnsafe(ref _h[0], (nuint)o) + Vector256.Create((float)h), _size.H);
            var x = Folded(Vector256.LoadUnsafe(ref _w[0], (nuint)o) + Vector256.LoadUnsafe(ref _restW[0], (nuint)o), _size.W);
            var z = Folded(Vector256.LoadUnsafe(ref _d[0], (nuint)o) + Vector256.LoadUnsafe(ref _restD[0], (nuint)o), _size.D);
            var inside = Vector256<float>.AllBitsSet;
            if (before is not null)
                (y, x, z, inside) = Mapped(y, x, z, before);
            Place(y, x, z, inside, o);
        }

        if (_size.D == 1)
            Plane(source[.._size.Count], destination[..layer]);
        else
            Volume(source[.._size.Count], destination[..layer]);
    }

    /// <summary>Gives the memory back.</summary>
    public void Release()
    {
        ArrayPool<int>.Shared.Return(_at);
        ArrayPool<float>.Shared.Return(_h);
        ArrayPool<float>.Shared.Return(_w);
        ArrayPool<float>.Shared.Return(_d);
        ArrayPool<float>.Shared.Return(_restW);
        ArrayPool<float>.Shared.Return(_restD);
    }

    private static float[] Floats(int layer) => ArrayPool<float>.Shared.Rent(layer + Step);

    private void Rest(float[] shifts, int h, float[] row)
    {
        var layer = _size.W * _size.D;
        shifts.AsSpan(h * layer, layer).CopyTo(row);
        row.AsSpan(layer, Step).Clear();
    }

    /// <summary>
    /// The place within the grid that has the value of a place in the grid mirrored half a voxel beyond its ends: between an end and
    /// its mirror image the value does not change.
    /// </summary>
    private static Vector256<float> Folded(Vector256<float> place, int n)
    {
        var period = Vector256.Create(2f * n);
        var u = place - (period * Vector256.Floor(place * (1f / (2 * n))));
        u = Vector256.Min(u, period - Vector256<float>.One - u);
        return Vector256.Min(Vector256.Max(u, Vector256<float>.Zero), Vector256.Create((float)(n - 1)));
    }

    private (Vector256<float> Y, Vector256<float> X, Vector256<float> Z, Vector256<float> Inside) Mapped(
        Vector256<float> y, Vector256<float> x, Vector256<float> z, AffineStep step)
    {
        var (m, t) = (step.Matrix, step.Offset);
        var u = (y * (float)m[0]) + (x * (float)m[1]) + (z * (float)m[2]) + Vector256.Create((float)t[0]);
        var v = (y * (float)m[3]) + (x * (float)m[4]) + (z * (float)m[5]) + Vector256.Create((float)t[1]);
        var w = _size.D == 1 ? z : (y * (float)m[6]) + (x * (float)m[7]) + (z * (float)m[8]) + Vector256.Create((float)t[2]);
        return (u, v, w, Within(u, _size.H) & Within(v, _size.W) & Within(w, _size.D));
    }

    private static Vector256<float> Within(Vector256<float> place, int n) =>
        Vector256.GreaterThanOrEqual(place, Vector256<float>.Zero) & Vector256.LessThanOrEqual(place, Vector256.Create((float)(n - 1)));

    /// <summary>Writes the voxels before eight places, or −1 for those outside, and the weights of the voxels after them.</summary>
    private void Place(Vector256<float> y, Vector256<float> x, Vector256<float> z, Vector256<float> inside, int o)
    {
        var (i, j, k) = (Before(y, _size.H), Before(x, _size.W), Before(z, _size.D));
        var at = (((i * _size.W) + j) * _size.D) + k;
        Vector256.ConditionalSelect(inside.AsInt32(), at, Vector256<int>.AllBitsSet).StoreUnsafe(ref _at[0], (nuint)o);
        (y - Vector256.ConvertToSingle(i)).StoreUnsafe(ref _h[0], (nuint)o);
        (x - Vector256.ConvertToSingle(j)).StoreUnsafe(ref _w[0], (nuint)o);
        (z - Vector256.ConvertToSingle(k)).StoreUnsafe(ref _d[0], (nuint)o);
    }

    /// <summary>The voxel at or before a place, but never the last one unless it is alone: from 0 to n − 2 whatever the place.</summary>
    private static Vector256<int> Before(Vector256<float> place, int n) => Vector256.Max(
        Vector256.Min(Vector256.ConvertToInt32Native(place), Vector256.Create(n - 2)), Vector256<int>.Zero);

    // Before keeps every index and its neighbours inside the source, which has exactly as many voxels as the grid.
    private void Plane(ReadOnlySpan<float> source, Span<float> destination)
    {
        var n = destination.Length;
        var (ats, hs, ws) = (_at, _h, _w);
        ref var voxels = ref MemoryMarshal.GetReference(source);
        var (down, right) = (_size.H > 1 ? _size.W : 0, _size.W > 1 ? 1 : 0);
        for (var o = 0; o < n; o++)
        {
            var at = ats[o];
            if (at < 0)
            {
                destination[o] = 0;
                continue;
            }

            var w = ws[o];
            ref var first = ref Unsafe.Add(ref voxels, at);
            ref var second = ref Unsafe.Add(ref first, down);
            var upper = first + (w * (Unsafe.Add(ref first, right) - first));
            var lower = second + (w * (Unsafe.Add(ref second, right) - second));
            destination[o] = upper + (hs[o] * (lower - upper));
        }
    }

    private void Volume(ReadOnlySpan<float> source, Span<float> destination)
    {
        var n = destination.Length;
        var (ats, hs, ws, ds) = (_at, _h, _w, _d);
        ref var voxels = ref MemoryMarshal.GetReference(source);
        var (down, right) = (_size.H > 1 ? _size.W * _size.D : 0, _size.W > 1 ? _size.D : 0);
        for (var o = 0; o < n; o++)
        {
            var at = ats[o];
            if (at < 0)
            {
                destination[o] = 0;
                continue;
            }

            var (w, d) = (ws[o], ds[o]);
            ref var first = ref Unsafe.Add(ref voxels, at);
            var upper = Face(ref first, right, w, d);
            destination[o] = upper + (hs[o] * (Face(ref Unsafe.Add(ref first, down), right, w, d) - upper));
        }
    }

    /// <summary>Between four neighbours along W and D.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Face(ref float first, int right, float w, float d)
    {
        ref var next = ref Unsafe.Add(ref first, right);
        var left = first + (d * (Unsafe.Add(ref first, 1) - first));
        return left + (w * (next + (d * (Unsafe.Add(ref next, 1) - next)) - left));
    }
}
