using System.Globalization;
using MedSeg.Engine.Configuration.Checks;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Data.Patches;

/// <summary>Whether samples are slices or volumes, whole or in patches.</summary>
/// <param name="IsVolume"><c>is_2d</c> is false, or the network is Modified3DUNet.</param>
/// <param name="Length">Size of a patch; null takes slices or volumes whole.</param>
/// <param name="Stride">Steps between patches; null like <paramref name="Length"/>.</param>
/// <param name="Key">Key path of the length, for messages.</param>
public sealed record PatchSettings(bool IsVolume, GridSize? Length, GridSize? Stride, string Key)
{
    /// <summary>Patches of one slice or volume; a slip in a stride must not fill the memory.</summary>
    private const int Most = 1 << 18;

    /// <summary>What <c>length_2D</c>, <c>stride_2D</c>, <c>length_3D</c> and <c>stride_3D</c> of the network in use say.</summary>
    /// <exception cref="SegException"><c>PatchSettings</c>: numbers are missing, or a stride is not between 1 and the length.</exception>
    public static PatchSettings Of(SegConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var facts = new ConfigFacts(config);
        var (section, _, length, stride) = facts.Patch;
        return Of(facts.IsVolume, section, length, stride);
    }

    /// <summary>The error of patches that a network cannot compute with.</summary>
    /// <param name="sizes">Which sizes it takes.</param>
    public static SegException Unsuited(string key, GridSize length, string sizes) => new(
        "PatchSizeUnsuited", SegErrorKind.InvalidArgument, $"{key}: the network cannot compute with patches of {length}; it needs {sizes}.",
        "Choose other patches, for example 64×64×32 for volumes.", key);

    /// <summary>The patches of one slice or volume; one that is all of it without patches.</summary>
    /// <param name="size">The grid after the load-time transforms.</param>
    /// <param name="image">Path of the image, for messages.</param>
    /// <exception cref="SegException"><c>PatchTooLarge</c>: the grid is smaller than a patch. <c>PatchesTooMany</c>.</exception>
    public IReadOnlyList<PatchCorner> Corners(GridSize size, string image)
    {
        if (Length is not { } length || Stride is not { } stride)
            return [default];
        if (size.H >= length.H && size.W >= length.W && size.D >= length.D)
            return Count(size, length, stride) <= Most ? PatchGrid.Corners(size, length, stride) : throw TooMany(size, image);
        throw new SegException(
            "PatchTooLarge", SegErrorKind.InvalidData,
            $"{Key}: the patches of {length} voxels do not fit into '{image}', which is {size} after the load-time transforms.",
            $"Add CenterCrop to transformation with at least {length}, which pads small images with 0, or make the patches smaller.", image);
    }

    private static long Count(GridSize size, GridSize length, GridSize stride)
    {
        var count = 1L;
        for (var axis = 0; axis < 3; axis++)
            count *= 1 + ((size[axis] - length[axis] + stride[axis] - 1) / stride[axis]);
        return count;
    }

    private SegException TooMany(GridSize size, string image) => new(
        "PatchesTooMany", SegErrorKind.InvalidArgument,
        $"{Key}: '{image}' is {size} after the load-time transforms, and a stride of {Stride} cuts that into more than {Most} patches.",
        "Give a larger stride; half of the length is common.", image);

    private static PatchSettings Of(bool isVolume, string section, int[] length, int[] stride)
    {
        var (axes, suffix) = isVolume ? (3, "3D") : (2, "2D");
        var key = $"{section}.length_{suffix}";
        if (length.Length == 0)
            return new PatchSettings(isVolume, null, null, key);
        if (length.Length != axes || stride.Length != axes)
            throw Wrong(key, $"length_{suffix} and stride_{suffix} need {axes} numbers each, not {length.Length} and {stride.Length}");
        for (var axis = 0; axis < axes; axis++)
        {
            if (length[axis] < 1)
                throw Wrong(key, string.Create(CultureInfo.InvariantCulture, $"a length of {length[axis]} is no patch"));
            if (stride[axis] < 1 || stride[axis] > length[axis])
            {
                throw Wrong($"{section}.stride_{suffix}", string.Create(
                    CultureInfo.InvariantCulture, $"a stride of {stride[axis]} is not between 1 and the length {length[axis]}, so that voxels would be left out"));
            }
        }

        return new PatchSettings(isVolume, Size(length), Size(stride), key);
    }

    private static GridSize Size(int[] numbers) => new(numbers[0], numbers[1], numbers.Length > 2 ? numbers[2] : 1);

    private static SegException Wrong(string key, string what) => new(
        "PatchSettings", SegErrorKind.InvalidArgument, $"{key}: {what}.", "Give for example length 256, 256 and stride 244, 244.", key);
}
