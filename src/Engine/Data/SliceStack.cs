using System.Buffers;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Data;

/// <summary>A volume turned to RAS+ and seen as a stack of H×W slices along one axis, with the way back to its own grid.</summary>
internal sealed class SliceStack
{
    private readonly AxisMap _map;
    private readonly VolumeGeometry _original;
    private readonly SliceAxis _axis;

    private SliceStack(Volume ras, AxisMap map, VolumeGeometry original, SliceAxis axis)
    {
        (Ras, _map, _original, _axis) = (ras, map, original, axis);
        var (h, w, d) = SliceLayout.Shape(ras.Geometry, axis);
        Count = d;
        Sample = new SampleInfo(new GridSize(h, w), SliceLayout.Spacing(ras.Geometry, axis), ras.Channels);
        Whole = Sample with { Size = new GridSize(h, w, d) };
    }

    /// <summary>The volume with RAS+ axes.</summary>
    public Volume Ras { get; }

    /// <summary>Number of slices.</summary>
    public int Count { get; }

    /// <summary>Size and voxel size of every slice.</summary>
    public SampleInfo Sample { get; }

    /// <summary>Size and voxel size of the whole stack as one volume.</summary>
    public SampleInfo Whole { get; }

    public static SliceStack Of(Volume volume, SliceAxis axis)
    {
        var map = Orientation.ToRas(volume.Geometry.Affine);
        return new SliceStack(Orientation.Apply(volume, map), map, volume.Geometry, axis);
    }

    public void CopySlice(int channel, int index, Span<float> destination) => SliceLayout.CopySlice(Ras, channel, _axis, index, destination);

    /// <summary>Copies a channel as one volume: voxel (h, w, d) goes to (h·W + w)·D + d.</summary>
    /// <param name="destination">H·W·D numbers.</param>
    public void CopyVolume(int channel, Span<float> destination)
    {
        var slice = ArrayPool<float>.Shared.Rent(Sample.Size.Count);
        var plane = slice.AsSpan(0, Sample.Size.Count);
        for (var d = 0; d < Count; d++)
        {
            CopySlice(channel, d, plane);
            for (int i = 0, to = d; i < plane.Length; i++, to += Count)
                destination[to] = plane[i];
        }

        ArrayPool<float>.Shared.Return(slice);
    }

    /// <summary>An empty volume on the RAS+ grid that <see cref="SetSlice"/> or <see cref="SetVolume"/> fills and <see cref="Restore"/> turns back.</summary>
    public Volume NewVolume(int channels) => new(new float[checked(Ras.Geometry.VoxelCount * channels)], Ras.Geometry, channels);

    public void SetSlice(ReadOnlySpan<float> source, Volume target, int channel, int index) =>
        SliceLayout.SetSlice(source, target, channel, _axis, index);

    /// <summary>Writes a whole channel; the inverse of <see cref="CopyVolume"/>.</summary>
    /// <param name="source">H·W·D numbers.</param>
    public void SetVolume(ReadOnlySpan<float> source, Volume target, int channel)
    {
        var slice = ArrayPool<float>.Shared.Rent(Sample.Size.Count);
        var plane = slice.AsSpan(0, Sample.Size.Count);
        for (var d = 0; d < Count; d++)
        {
            for (int i = 0, from = d; i < plane.Length; i++, from += Count)
                plane[i] = source[from];
            SetSlice(plane, target, channel, d);
        }

        ArrayPool<float>.Shared.Return(slice);
    }

    /// <summary>The volume on the grid, with the affine and orientation of the original.</summary>
    public Volume Restore(Volume ras) => Orientation.Undo(ras, _map, _original);
}
