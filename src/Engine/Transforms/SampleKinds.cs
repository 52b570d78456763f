namespace MedSeg.Engine.Transforms;

/// <summary>What a plane of a sample holds; decides interpolation and which transforms touch it.</summary>
[Flags]
public enum SampleKinds
{
    None = 0,

    /// <summary>A channel of the input; <c>im</c> in configuration files.</summary>
    Image = 1,

    /// <summary>A class of the reference; <c>gt</c> in configuration files.</summary>
    Label = 2,

    /// <summary>A region of interest; <c>roi</c> in configuration files.</summary>
    Roi = 4,

    All = Image | Label | Roi,
}
