using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Transforms;

/// <summary>What a transform must know of a sample before it draws its parameters.</summary>
/// <param name="Size">Grid of every channel and class.</param>
/// <param name="Spacing">Voxel sizes in mm along H, W and D.</param>
/// <param name="Channels">Number of input channels.</param>
/// <param name="RoiCentre">
/// Centre of the region of interest in voxels of this grid (<see cref="RoiCrop.CentreOf"/>); null when there is none or it is
/// not known. Every transform that moves voxels forgets it.
/// </param>
public sealed record SampleInfo(
    GridSize Size, (double H, double W, double D) Spacing, int Channels, (double H, double W, double D)? RoiCentre = null);

/// <summary>
/// A transform as configured. It holds no state between samples: <see cref="Draw"/> fixes its parameters for one sample, and
/// what it returns is applied to every channel and class of that sample, so that image and label always move together.
/// </summary>
public abstract class SegTransform
{
    private protected SegTransform(string name, SampleKinds appliesTo)
    {
        Name = name;
        AppliesTo = appliesTo;
    }

    /// <summary>Name in configuration files.</summary>
    public string Name { get; }

    /// <summary>The planes it touches.</summary>
    public SampleKinds AppliesTo { get; }

    /// <summary>Done once when images are loaded, before all other transforms, instead of at each access.</summary>
    public virtual bool AtLoad => false;

    /// <summary>Draws random numbers.</summary>
    public virtual bool IsRandom => false;

    /// <summary>Predictions can be mapped back through it.</summary>
    public virtual bool HasUndo => true;

    /// <summary>Moves voxels, so that predictions must be moved back.</summary>
    public virtual bool IsSpatial => false;

    /// <summary>Needs <see cref="SampleInfo.RoiCentre"/> to do what it is configured for.</summary>
    public virtual bool UsesRoi => false;

    /// <summary>Fixes the parameters for one sample.</summary>
    /// <param name="sample">Grid and voxel size at this point of the pipeline.</param>
    /// <param name="random">Source of random numbers; may be null for transforms that are not random.</param>
    public abstract DrawnTransform Draw(SampleInfo sample, RandomStream? random);
}

/// <summary>A transform with its parameters fixed for one sample. Safe to use from several threads.</summary>
public abstract class DrawnTransform
{
    private protected DrawnTransform(SampleInfo input, SampleInfo output)
    {
        Input = input;
        Output = output;
    }

    /// <summary>The sample before.</summary>
    public SampleInfo Input { get; }

    /// <summary>The sample after.</summary>
    public SampleInfo Output { get; }

    /// <summary>This draw leaves every plane as it is, as transforms with a probability often do; the step can be passed over.</summary>
    public virtual bool IsIdle => false;

    /// <summary>What was drawn or worked out for this sample; empty when the configuration says it all, or when <see cref="IsIdle"/>.</summary>
    public virtual IReadOnlyList<DrawnParameter> Describe() => [];

    /// <summary>Transforms one channel or class.</summary>
    /// <param name="source">Input.Size.Count values.</param>
    /// <param name="destination">Output.Size.Count values; must not overlap the source.</param>
    /// <param name="kind">What the plane holds.</param>
    /// <param name="channel">Index of the channel or class.</param>
    public abstract void Apply(ReadOnlySpan<float> source, Span<float> destination, SampleKinds kind, int channel);

    /// <summary>Maps a prediction back to the grid before this transform; voxels that the transform cut away become 0.</summary>
    /// <param name="source">Output.Size.Count probabilities.</param>
    /// <param name="destination">Input.Size.Count values; must not overlap the source.</param>
    /// <exception cref="NotSupportedException">The transform has no inverse (<see cref="SegTransform.HasUndo"/>).</exception>
    public abstract void Undo(ReadOnlySpan<float> source, Span<float> destination);

    /// <summary>
    /// One transform that does in a single interpolation what <paramref name="before"/> and then this one would do, or null.
    /// </summary>
    internal virtual DrawnTransform? MergedAfter(DrawnTransform before) => null;

    /// <summary>Gives memory back for the next sample; the transform must not be used afterwards.</summary>
    internal virtual void Release()
    {
    }
}

/// <summary>A drawn transform that changes values and leaves voxels where they are: predictions are not changed back.</summary>
internal abstract class DrawnIntensity(SampleInfo sample) : DrawnTransform(sample, sample)
{
    public sealed override void Undo(ReadOnlySpan<float> source, Span<float> destination) => source.CopyTo(destination);
}
