using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Bids.Checks;

/// <summary>What the checks need to know about the voxels of one file, gathered in one pass.</summary>
/// <param name="Count">Voxels of all channels.</param>
/// <param name="NotFinite">NaN and infinite ones.</param>
/// <param name="FirstNotFinite">Index of the first of them along x, y and z as stored.</param>
/// <param name="Minimum">Of the finite voxels; NaN where there is none.</param>
/// <param name="Maximum">Of the finite voxels; NaN where there is none.</param>
/// <param name="NotZero">Voxels that are not 0.</param>
/// <param name="Fractions">Finite voxels that are no whole numbers.</param>
/// <param name="Levels">Ascending values with their counts; null when there are more than <see cref="MostLevels"/>.</param>
/// <param name="ZeroPlanes">For each stored axis, planes across it that are 0 throughout.</param>
/// <param name="Content">Half of the SHA-256 of size and voxels in RAS order: equal for equal content, whatever the format.</param>
/// <param name="Mirrored">The same of the voxels from left to right.</param>
internal sealed record VoxelSummary(
    long Count,
    long NotFinite,
    (int X, int Y, int Z)? FirstNotFinite,
    float Minimum,
    float Maximum,
    long NotZero,
    long Fractions,
    IReadOnlyList<(float Value, long Count)>? Levels,
    IReadOnlyList<int> ZeroPlanes,
    UInt128 Content,
    UInt128 Mirrored)
{
    public const int MostLevels = 12;

    /// <summary>All finite voxels have one value.</summary>
    public bool IsConstant => !(Minimum < Maximum);

    public static VoxelSummary Of(Volume volume, CancellationToken ct)
    {
        var pass = new Pass(volume);
        pass.Run(ct);
        var ras = Orientation.Apply(volume, Orientation.ToRas(volume.Geometry.Affine));
        return pass.Result(Hash(ras, mirrored: false, ct), Hash(ras, mirrored: true, ct));
    }

    private static UInt128 Hash(Volume ras, bool mirrored, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int[] size = [ras.Geometry.X, ras.Geometry.Y, ras.Geometry.Z, ras.Channels];
        hash.AppendData(MemoryMarshal.AsBytes(size.AsSpan()));
        var piece = Math.Max(1, (1 << 16) / ras.Geometry.X) * ras.Geometry.X;
        var buffer = new float[piece];
        for (var done = 0; done < ras.Voxels.Length; done += piece)
        {
            ct.ThrowIfCancellationRequested();
            var voxels = ras.Voxels.AsSpan(done, Math.Min(piece, ras.Voxels.Length - done));
            if (mirrored)
                voxels = Reversed(voxels, buffer, ras.Geometry.X);
            hash.AppendData(MemoryMarshal.AsBytes(voxels));
        }

        return MemoryMarshal.Read<UInt128>(hash.GetHashAndReset());
    }

    private static Span<float> Reversed(ReadOnlySpan<float> rows, Span<float> buffer, int length)
    {
        rows.CopyTo(buffer);
        for (var start = 0; start < rows.Length; start += length)
            buffer.Slice(start, length).Reverse();
        return buffer[..rows.Length];
    }

    /// <summary>The running figures of one pass through the voxels, row by row.</summary>
    private sealed class Pass(Volume volume)
    {
        private readonly VolumeGeometry _grid = volume.Geometry;
        private readonly bool[] _x = new bool[volume.Geometry.X];
        private readonly bool[] _y = new bool[volume.Geometry.Y];
        private readonly bool[] _z = new bool[volume.Geometry.Z];
        private readonly float[] _levels = new float[MostLevels];
        private readonly long[] _counts = new long[MostLevels];
        private int _used;
        private long _notFinite;
        private long _notZero;
        private long _fractions;
        private (int X, int Y, int Z)? _first;
        private float _minimum = float.PositiveInfinity;
        private float _maximum = float.NegativeInfinity;

        public void Run(CancellationToken ct)
        {
            for (var row = 0; row < volume.Voxels.Length / _grid.X; row++)
            {
                if (row % 4096 == 0)
                    ct.ThrowIfCancellationRequested();
                Row(volume.Voxels.AsSpan(row * _grid.X, _grid.X), row % _grid.Y, row / _grid.Y % _grid.Z);
            }
        }

        public VoxelSummary Result(UInt128 content, UInt128 mirrored) => new(
            volume.Voxels.Length,
            _notFinite,
            _first,
            _minimum <= _maximum ? _minimum : float.NaN,
            _minimum <= _maximum ? _maximum : float.NaN,
            _notZero,
            _fractions,
            _used > MostLevels ? null : [.. _levels.Take(_used).Zip(_counts).OrderBy(l => l.First)],
            [Array.FindAll(_x, used => !used).Length, Array.FindAll(_y, used => !used).Length, Array.FindAll(_z, used => !used).Length],
            content,
            mirrored);

        private void Row(ReadOnlySpan<float> row, int y, int z)
        {
            if (!row.ContainsAnyExcept(0f))
            {
                (_minimum, _maximum) = (Math.Min(_minimum, 0), Math.Max(_maximum, 0));
                CountLevel(0, row.Length);
                return;
            }

            (_y[y], _z[z]) = (true, true);
            for (var x = 0; x < row.Length; x++)
            {
                var value = row[x];
                if (value != 0)
                {
                    _notZero++;
                    _x[x] = true;
                }

                if (float.IsFinite(value))
                {
                    Finite(value);
                    continue;
                }

                _notFinite++;
                _first ??= (x, y, z);
            }
        }

        private void Finite(float value)
        {
            if (value < _minimum)
                _minimum = value;
            if (value > _maximum)
                _maximum = value;
            if (value != MathF.Floor(value))
                _fractions++;
            CountLevel(value, 1);
        }

        private void CountLevel(float value, int count)
        {
            if (_used > MostLevels)
                return;
            for (var i = 0; i < _used; i++)
            {
                if (_levels[i] != value)
                    continue;
                _counts[i] += count;
                return;
            }

            if (_used < MostLevels)
                (_levels[_used], _counts[_used]) = (value, count);
            _used++;
        }
    }
}
