namespace MedSeg.Engine.Imaging;

/// <summary>
/// Where the axes of a RAS+ volume come from: for each of right, anterior and superior, which axis of the original it is
/// and whether that axis runs the other way.
/// </summary>
/// <param name="Right">Original axis (0–2) that runs along left–right.</param>
/// <param name="Anterior">Original axis that runs along posterior–anterior.</param>
/// <param name="Superior">Original axis that runs along inferior–superior.</param>
/// <param name="FlipRight">The original axis runs toward the left.</param>
/// <param name="FlipAnterior">The original axis runs toward posterior.</param>
/// <param name="FlipSuperior">The original axis runs toward inferior.</param>
public readonly record struct AxisMap(int Right, int Anterior, int Superior, bool FlipRight, bool FlipAnterior, bool FlipSuperior)
{
    /// <summary>The volume is RAS+ already.</summary>
    public bool IsIdentity => this == new AxisMap(0, 1, 2, false, false, false);

    /// <summary>The original axis of RAS axis 0, 1 or 2.</summary>
    public int Source(int axis) => axis switch { 0 => Right, 1 => Anterior, _ => Superior };

    /// <summary>Whether RAS axis 0, 1 or 2 runs against its original axis.</summary>
    public bool Flip(int axis) => axis switch { 0 => FlipRight, 1 => FlipAnterior, _ => FlipSuperior };
}

/// <summary>Permutes and flips volumes to RAS+ and back; nothing is resampled.</summary>
public static class Orientation
{
    private static readonly (char Toward, char Away)[] Letters = [('R', 'L'), ('A', 'P'), ('S', 'I')];

    /// <summary>Anatomical directions of the three axes, for example <c>LPI</c>: the closest ones for oblique images.</summary>
    /// <param name="affine">4×4 row-major, to RAS+ mm.</param>
    public static string Codes(double[] affine)
    {
        var map = ToRas(affine);
        var codes = new char[3];
        for (var axis = 0; axis < 3; axis++)
            codes[map.Source(axis)] = map.Flip(axis) ? Letters[axis].Away : Letters[axis].Toward;
        return new string(codes);
    }

    /// <summary>
    /// The permutation and flips that bring a volume closest to RAS+. The rotation closest to the affine (its orthogonal polar
    /// factor, so that shears and voxel sizes do not count) decides; its most decided axis chooses first.
    /// </summary>
    /// <param name="affine">4×4 row-major, to RAS+ mm; its three axes must span space.</param>
    /// <exception cref="SegException"><c>AffineSingular</c>.</exception>
    public static AxisMap ToRas(double[] affine)
    {
        ArgumentNullException.ThrowIfNull(affine);
        if (affine.Length != 16)
            throw new ArgumentException("An affine has 16 numbers.", nameof(affine));
        if (NiftiAffine.IsSingular(affine))
        {
            throw new SegException("AffineSingular", SegErrorKind.InvalidData, "affine: its three axes do not span space.",
                "Repair the image's header.", affine);
        }

        var rotation = ClosestRotation(affine);
        Span<int> source = stackalloc int[3];
        Span<bool> flip = stackalloc bool[3];
        Span<bool> taken = stackalloc bool[3];
        foreach (var column in Enumerable.Range(0, 3).OrderByDescending(c => Largest(rotation, c)))
        {
            var best = -1;
            for (var row = 0; row < 3; row++)
            {
                if (!taken[row] && (best < 0 || Math.Abs(rotation[row, column]) > Math.Abs(rotation[best, column])))
                    best = row;
            }

            taken[best] = true;
            source[best] = column;
            flip[best] = rotation[best, column] < 0;
        }

        return new(source[0], source[1], source[2], flip[0], flip[1], flip[2]);
    }

    /// <summary>The volume with RAS+ axes and the affine that goes with them; the same instance when it has them already.</summary>
    public static Volume Apply(Volume v, AxisMap map)
    {
        ArgumentNullException.ThrowIfNull(v);
        if (map.IsIdentity)
            return v;
        var g = v.Geometry;
        int[] size = [g.X, g.Y, g.Z];
        int[] strides = [1, g.X, g.X * g.Y];
        var start = 0;
        var step = new int[3];
        for (var axis = 0; axis < 3; axis++)
        {
            var from = map.Source(axis);
            step[axis] = map.Flip(axis) ? -strides[from] : strides[from];
            start += map.Flip(axis) ? (size[from] - 1) * strides[from] : 0;
        }

        var geometry = Apply(g, map);
        var result = new Volume(GC.AllocateUninitializedArray<float>(v.Voxels.Length), geometry, v.Channels);
        for (var channel = 0; channel < v.Channels; channel++)
            Gather(v.Channel(channel), result.Channel(channel), geometry, start, step);
        return result;
    }

    /// <summary>The grid of a volume after <see cref="Apply(Volume, AxisMap)"/>.</summary>
    public static VolumeGeometry Apply(VolumeGeometry g, AxisMap map)
    {
        ArgumentNullException.ThrowIfNull(g);
        int[] size = [g.X, g.Y, g.Z];
        var affine = new double[16];
        affine[15] = 1;
        for (var row = 0; row < 3; row++)
            affine[(4 * row) + 3] = g.Affine[(4 * row) + 3];
        for (var axis = 0; axis < 3; axis++)
        {
            var from = map.Source(axis);
            for (var row = 0; row < 3; row++)
            {
                var direction = g.Affine[(4 * row) + from];
                affine[(4 * row) + axis] = map.Flip(axis) ? -direction : direction;
                affine[(4 * row) + 3] += map.Flip(axis) ? (size[from] - 1) * direction : 0;
            }
        }

        return new VolumeGeometry(size[map.Right], size[map.Anterior], size[map.Superior], affine);
    }

    /// <summary>The exact inverse of <see cref="Apply(Volume, AxisMap)"/>: the same voxels on the original grid.</summary>
    /// <param name="ras">A volume on the grid that Apply gave; its channels may differ.</param>
    /// <param name="map">The map that Apply used.</param>
    /// <param name="original">The grid before Apply.</param>
    /// <exception cref="ArgumentException">The sizes do not belong together.</exception>
    public static Volume Undo(Volume ras, AxisMap map, VolumeGeometry original)
    {
        ArgumentNullException.ThrowIfNull(ras);
        ArgumentNullException.ThrowIfNull(original);
        int[] size = [original.X, original.Y, original.Z];
        var g = ras.Geometry;
        if (g.X != size[map.Right] || g.Y != size[map.Anterior] || g.Z != size[map.Superior])
            throw new ArgumentException($"{g.X}×{g.Y}×{g.Z} is not {original.X}×{original.Y}×{original.Z} turned to RAS.", nameof(ras));
        if (map.IsIdentity)
            return new Volume(ras.Voxels, original, ras.Channels);
        int[] rasSize = [g.X, g.Y, g.Z];
        int[] rasStrides = [1, g.X, g.X * g.Y];
        var start = 0;
        var step = new int[3];
        for (var axis = 0; axis < 3; axis++)
        {
            step[map.Source(axis)] = map.Flip(axis) ? -rasStrides[axis] : rasStrides[axis];
            start += map.Flip(axis) ? (rasSize[axis] - 1) * rasStrides[axis] : 0;
        }

        var result = new Volume(GC.AllocateUninitializedArray<float>(ras.Voxels.Length), original, ras.Channels);
        for (var channel = 0; channel < ras.Channels; channel++)
            Gather(ras.Channel(channel), result.Channel(channel), original, start, step);
        return result;
    }

    /// <summary>target[x, y, z] = source[start + x·step0 + y·step1 + z·step2].</summary>
    private static void Gather(ReadOnlySpan<float> source, Span<float> target, VolumeGeometry size, int start, int[] step)
    {
        var to = 0;
        for (var z = 0; z < size.Z; z++)
        {
            for (var y = 0; y < size.Y; y++)
            {
                var from = start + (z * step[2]) + (y * step[1]);
                if (step[0] == 1)
                {
                    source.Slice(from, size.X).CopyTo(target[to..]);
                    to += size.X;
                    continue;
                }

                for (var x = 0; x < size.X; x++, from += step[0])
                    target[to++] = source[from];
            }
        }
    }

    private static double Largest(double[,] m, int column) =>
        Math.Max(Math.Abs(m[0, column]), Math.Max(Math.Abs(m[1, column]), Math.Abs(m[2, column])));

    /// <summary>
    /// Orthogonal polar factor of the affine with columns of length 1, by Newton's iteration Q ← (Q + Q⁻ᵀ)/2
    /// (Higham, SIAM J. Sci. Stat. Comput. 7, 1986).
    /// </summary>
    private static double[,] ClosestRotation(double[] affine)
    {
        var spacing = new VolumeGeometry(1, 1, 1, affine).Spacing;
        double[] length = [spacing.X, spacing.Y, spacing.Z];
        var q = new double[3, 3];
        for (var row = 0; row < 3; row++)
        {
            for (var column = 0; column < 3; column++)
                q[row, column] = affine[(4 * row) + column] / length[column];
        }

        for (var iteration = 0; iteration < 100; iteration++)
        {
            var inverse = InverseTransposed(q);
            var change = 0.0;
            for (var row = 0; row < 3; row++)
            {
                for (var column = 0; column < 3; column++)
                {
                    var next = (q[row, column] + inverse[row, column]) / 2;
                    change = Math.Max(change, Math.Abs(next - q[row, column]));
                    q[row, column] = next;
                }
            }

            if (change < 1e-14)
                break;
        }

        return q;
    }

    private static double[,] InverseTransposed(double[,] m)
    {
        var result = new double[3, 3];
        double determinant = 0;
        for (var row = 0; row < 3; row++)
        {
            for (var column = 0; column < 3; column++)
            {
                int r1 = (row + 1) % 3, r2 = (row + 2) % 3, c1 = (column + 1) % 3, c2 = (column + 2) % 3;
                result[row, column] = (m[r1, c1] * m[r2, c2]) - (m[r1, c2] * m[r2, c1]);
            }

            determinant += row == 0 ? (m[0, 0] * result[0, 0]) + (m[0, 1] * result[0, 1]) + (m[0, 2] * result[0, 2]) : 0;
        }

        for (var row = 0; row < 3; row++)
        {
            for (var column = 0; column < 3; column++)
                result[row, column] /= determinant;
        }

        return result;
    }
}
