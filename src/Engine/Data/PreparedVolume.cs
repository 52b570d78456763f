using System.Buffers;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Data;

/// <summary>
/// A volume ready for prediction: turned to RAS+, cut into slices and transformed as configured for testing. Slices are made
/// when they are asked for. Safe to read from several threads.
/// </summary>
public sealed class PreparedVolume
{
    private readonly SliceStack _stack;
    private readonly DrawnPipeline _load;
    private readonly DrawnPipeline _access;

    private PreparedVolume(SliceStack stack, DrawnPipeline load, DrawnPipeline access) => (_stack, _load, _access) = (stack, load, access);

    /// <summary>Number of slices D; none is filtered out.</summary>
    public int Slices => _stack.Count;

    /// <summary>Channels C of each slice.</summary>
    public int Channels => _access.Output.Channels;

    /// <summary>Rows H of each prepared slice.</summary>
    public int Height => _access.Output.Size.H;

    /// <summary>Columns W of each prepared slice.</summary>
    public int Width => _access.Output.Size.W;

    /// <summary>Prepares a volume as the configuration's transforms for testing say.</summary>
    /// <exception cref="SegException">An error of the configuration or of the volume's affine.</exception>
    public static PreparedVolume From(Volume volume, SegConfig config)
    {
        ArgumentNullException.ThrowIfNull(volume);
        ArgumentNullException.ThrowIfNull(config);
        var pipeline = TransformPipeline.Create(config, DatasetParts.Testing);
        var stack = SliceStack.Of(volume, SliceLayout.Parse(config.LoaderParameters.SliceAxis));
        var load = TransformPipeline.Draw(pipeline.AtLoad, stack.Sample, null);
        return new PreparedVolume(stack, load, TransformPipeline.Draw(pipeline.AtAccess, load.Output, null));
    }

    /// <summary>Writes one slice as the network wants it.</summary>
    /// <param name="index">0 … Slices − 1.</param>
    /// <param name="destination">C·H·W values.</param>
    public void CopySlice(int index, Span<float> destination)
    {
        var raw = ArrayPool<float>.Shared.Rent(_stack.Sample.Size.Count);
        var loaded = ArrayPool<float>.Shared.Rent(_load.Output.Size.Count);
        var plane = Height * Width;
        for (var c = 0; c < Channels; c++)
        {
            _stack.CopySlice(c, index, raw.AsSpan(0, _stack.Sample.Size.Count));
            _load.Apply(raw, loaded, SampleKinds.Image, c);
            _access.Apply(loaded, destination.Slice(c * plane, plane), SampleKinds.Image, c);
        }

        ArrayPool<float>.Shared.Return(raw);
        ArrayPool<float>.Shared.Return(loaded);
    }

    /// <summary>Starts to put predictions back onto the input's grid, slice by slice.</summary>
    /// <param name="classes">K.</param>
    public VolumeRestorer NewRestorer(int classes) => new(this, classes);

    /// <summary>Puts predictions back onto the input's grid.</summary>
    /// <param name="probabilities">D·K·H·W values, row-major (D, K, H, W).</param>
    /// <param name="classes">K.</param>
    /// <returns>A volume with K channels and the grid, affine and orientation of the input.</returns>
    public Volume Restore(ReadOnlySpan<float> probabilities, int classes)
    {
        var restorer = NewRestorer(classes);
        var slice = classes * Height * Width;
        for (var d = 0; d < Slices; d++)
            restorer.Add(d, probabilities.Slice(d * slice, slice));
        return restorer.ToVolume();
    }

    internal Volume NewRas(int classes) => _stack.NewVolume(classes);

    internal Volume ToOriginal(Volume ras) => _stack.Restore(ras);

    /// <summary>Undoes the transforms of one class of one slice: linear interpolation, 0 where nothing was predicted.</summary>
    internal void SetSlice(Volume ras, int index, int channel, ReadOnlySpan<float> probabilities)
    {
        var loaded = ArrayPool<float>.Shared.Rent(_load.Output.Size.Count);
        var raw = ArrayPool<float>.Shared.Rent(_stack.Sample.Size.Count);
        _access.Undo(probabilities, loaded);
        _load.Undo(loaded, raw);
        _stack.SetSlice(raw.AsSpan(0, _stack.Sample.Size.Count), ras, channel, index);
        ArrayPool<float>.Shared.Return(loaded);
        ArrayPool<float>.Shared.Return(raw);
    }
}

/// <summary>Collects predicted slices; slices that are never added stay 0.</summary>
public sealed class VolumeRestorer
{
    private readonly PreparedVolume _prepared;
    private readonly Volume _ras;

    internal VolumeRestorer(PreparedVolume prepared, int classes) => (_prepared, _ras) = (prepared, prepared.NewRas(classes));

    /// <summary>Adds the prediction of one slice. Different slices may be added from different threads.</summary>
    /// <param name="slice">Index of the slice.</param>
    /// <param name="probabilities">K·H·W values.</param>
    public void Add(int slice, ReadOnlySpan<float> probabilities)
    {
        var plane = _prepared.Height * _prepared.Width;
        for (var k = 0; k < _ras.Channels; k++)
            _prepared.SetSlice(_ras, slice, k, probabilities.Slice(k * plane, plane));
    }

    /// <summary>The prediction with K channels on the grid of the input.</summary>
    public Volume ToVolume() => _prepared.ToOriginal(_ras);
}
