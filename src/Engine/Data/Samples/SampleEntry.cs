using System.Buffers;
using MedSeg.Engine.Data.Caching;
using MedSeg.Engine.Data.Patches;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Data.Samples;

/// <summary>A slice or volume after the load-time transforms: C planes of input, then R·K planes of labels, rater by rater.</summary>
/// <param name="Values">(C + R·K)·H·W·D values.</param>
/// <param name="Info">Grid, voxel size and number of channels.</param>
/// <param name="Raters">R; 1 where the raters of a class have been averaged.</param>
internal sealed record SampleUnit(StoredArray Values, SampleInfo Info, int Raters)
{
    /// <summary>Reads a plane of a patch, or the whole plane.</summary>
    /// <param name="plane">0 … C + R·K − 1.</param>
    /// <param name="corner">First voxel.</param>
    /// <param name="size">Voxels along each axis.</param>
    /// <param name="buffer">size.Count values; used only where the values do not lie in memory in one piece.</param>
    public ReadOnlySpan<float> Read(int plane, PatchCorner corner, GridSize size, Span<float> buffer)
    {
        var grid = Info.Size;
        var start = plane * grid.Count;
        if (size == grid)
            return Values.Read(start, buffer[..size.Count]);
        var wholeLines = size.D == grid.D;
        for (var h = 0; h < size.H; h++)
        {
            var row = start + ((((h + corner.H) * grid.W) + corner.W) * grid.D);
            var target = buffer.Slice(h * size.W * size.D, size.W * size.D);
            if (wholeLines)
            {
                Values.CopyTo(row, target);
                continue;
            }

            for (var w = 0; w < size.W; w++)
                Values.CopyTo(row + (w * grid.D) + corner.D, target.Slice(w * size.D, size.D));
        }

        return buffer[..size.Count];
    }
}

/// <summary>One sample: a unit, or a patch of it.</summary>
internal sealed record SampleEntry(SampleUnit Unit, SampleOrigin Origin, GridSize Size)
{
    /// <summary>The sample as the transforms at access see it.</summary>
    public SampleInfo Info => Unit.Info with { Size = Size };

    /// <summary>Which classes the ground truth has, for balanced sampling; empty where that is not asked for.</summary>
    public string Label { get; init; } = string.Empty;

    /// <summary>Reads one plane.</summary>
    /// <param name="buffer">Size.Count values.</param>
    public ReadOnlySpan<float> Read(int plane, Span<float> buffer) => Unit.Read(plane, Origin.Corner ?? default, Size, buffer);

    /// <summary>Reads planes into an array of their own.</summary>
    public float[] ReadAll(int first, int count)
    {
        var values = new float[count * Size.Count];
        var buffer = ArrayPool<float>.Shared.Rent(Size.Count);
        for (var i = 0; i < count; i++)
            Read(first + i, buffer).CopyTo(values.AsSpan(i * Size.Count));
        ArrayPool<float>.Shared.Return(buffer);
        return values;
    }
}

/// <summary>Names a sample for good: its place does not depend on which other images could be read.</summary>
/// <param name="Source">Index of the source.</param>
/// <param name="Index">Index of the sample within its source.</param>
internal readonly record struct SampleId(int Source, int Index);
