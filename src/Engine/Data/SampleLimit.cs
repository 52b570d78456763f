using System.Globalization;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Data;

/// <summary>Refuses samples that no array can hold, before anything of their size is asked for.</summary>
internal static class SampleLimit
{
    /// <summary>Looks at a slice or volume after the load-time transforms.</summary>
    /// <param name="size">Voxels along each axis.</param>
    /// <param name="planes">Channels and classes that are kept together.</param>
    /// <param name="image">Path of the image, for messages.</param>
    /// <exception cref="SegException"><c>SampleTooLarge</c>.</exception>
    public static void Require(GridSize size, long planes, string image)
    {
        var numbers = (decimal)size.H * size.W * size.D * planes;
        if (numbers > Array.MaxLength)
        {
            throw new SegException(
                "SampleTooLarge", SegErrorKind.InvalidArgument,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"'{image}' would be {size} after the load-time transforms, {numbers:N0} numbers with its {planes} channels and classes; {Array.MaxLength:N0} can be held at once."),
                "Give Resample larger voxel sizes, or crop smaller.", image);
        }
    }
}
