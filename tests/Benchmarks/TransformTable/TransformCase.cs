using MedSeg.Engine.Transforms;

namespace MedSeg.Benchmarks.TransformTable;

/// <summary>One line of the table: a transform of one plane, done by the engine and by plain loops.</summary>
/// <param name="Name">Transform and what is done.</param>
/// <param name="Size">Grid before; ns per voxel count these voxels.</param>
/// <param name="Output">Voxels after.</param>
/// <param name="ReferenceMs">What the reference toolbox needs for the same, on one thread of another machine.</param>
/// <param name="Engine">Does it with the engine.</param>
/// <param name="Plain">Does it with plain loops.</param>
public sealed record TransformCase(string Name, GridSize Size, int Output, double ReferenceMs, Action Engine, Action Plain)
{
    /// <summary>How often each action does it.</summary>
    public int Times { get; init; } = 1;

    public static GridSize Slice { get; } = new(131, 141);

    public static GridSize Volume { get; } = new(131, 141, 16);

    /// <summary>An image with smooth shapes and noise, zero outside, from 0 to about 1,500.</summary>
    public static float[] Image(GridSize size)
    {
        var cube = SampleVolume.Create(160).Voxels;
        var image = new float[size.Count];
        var i = 0;
        for (var h = 0; h < size.H; h++)
        {
            for (var w = 0; w < size.W; w++)
            {
                for (var d = 0; d < size.D; d++)
                    image[i++] = cube[((((d + 60) * 160) + h) * 160) + w];
            }
        }

        return image;
    }
}
