using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Phantoms;

/// <summary>The tissues of a subject on the voxel grid, with fractions where a voxel's 3×3 in-plane samples differ.</summary>
internal sealed class TissueMap
{
    public const int Samples = 9;
    private const int PerAxis = 3;

    private readonly Tissue[] _tissues;

    private TissueMap(Tissue[] tissues, VolumeGeometry geometry)
    {
        _tissues = tissues;
        Geometry = geometry;
    }

    /// <summary>RAS+, centred on the origin.</summary>
    public VolumeGeometry Geometry { get; }

    /// <summary>Samples an anatomy on a grid of x, y, z voxels over the whole field of view.</summary>
    public static TissueMap Draw(PhantomAnatomy anatomy, IReadOnlyList<int> size)
    {
        var (nx, ny, nz) = (size[0], size[1], size[2]);
        double sx = PhantomAnatomy.Width / nx, sy = PhantomAnatomy.Depth / ny, sz = PhantomAnatomy.Height / nz;
        double ox = (sx - PhantomAnatomy.Width) / 2, oy = (sy - PhantomAnatomy.Depth) / 2, oz = (sz - PhantomAnatomy.Height) / 2;
        var tissues = new Tissue[checked((long)nx * ny * nz * Samples)];
        var next = 0L;
        for (var z = 0; z < nz; z++)
        {
            for (var y = 0; y < ny; y++)
            {
                for (var x = 0; x < nx; x++)
                {
                    for (var sample = 0; sample < Samples; sample++)
                    {
                        var (dx, dy) = ((sample % PerAxis) - 1, (sample / PerAxis) - 1);
                        tissues[next++] = anatomy.At(ox + ((x + (dx / 3.0)) * sx), oy + ((y + (dy / 3.0)) * sy), oz + (z * sz));
                    }
                }
            }
        }

        return new TissueMap(tissues, new VolumeGeometry(nx, ny, nz, [sx, 0, 0, ox, 0, sy, 0, oy, 0, 0, sz, oz, 0, 0, 0, 1]));
    }

    /// <summary>The samples of one voxel, in NIfTI order of voxels.</summary>
    public ReadOnlySpan<Tissue> this[long voxel] => _tissues.AsSpan((int)(voxel * Samples), Samples);

    /// <summary>1 where more than half of a voxel belongs to the tissues, else 0.</summary>
    public Volume Mask(params ReadOnlySpan<Tissue> tissues)
    {
        var voxels = new float[Geometry.VoxelCount];
        for (var i = 0; i < voxels.Length; i++)
        {
            var inside = 0;
            foreach (var tissue in this[i])
                inside += tissues.Contains(tissue) ? 1 : 0;
            voxels[i] = 2 * inside > Samples ? 1 : 0;
        }

        return new Volume(voxels, Geometry);
    }
}
