namespace MedSeg.Engine.Imaging;

/// <summary>What a 2D file says before its pixels are decoded.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="DataType">uint1, uint2, uint4, uint8 or uint16: the type of the stored samples.</param>
internal sealed record RasterInfo(int Height, int Width, string DataType)
{
    public List<HeaderFinding> Findings { get; } = [];
}

/// <summary>
/// A decoded 2D image in gray, 0–255, row-major. One rule for every format and depth: a sample s of b bits is
/// s · 255 / (2ᵇ − 1), so 16-bit values keep their fraction; colour is 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), which
/// leaves R = G = B unchanged; alpha is ignored. Nothing is stretched to the image's own minimum and maximum, so the same
/// tissue has the same value in every file.
/// </summary>
internal sealed record GrayImage(int Height, int Width, float[] Pixels)
{
    /// <summary>Gray of one colour whose samples go to <paramref name="maximum"/>.</summary>
    public static float Luma(int red, int green, int blue, int maximum) =>
        (float)(((299L * red) + (587L * green) + (114L * blue)) * 255.0 / (1000.0 * maximum));

    /// <summary>Gray of one sample that goes to <paramref name="maximum"/>.</summary>
    public static float Level(int sample, int maximum) => (float)(sample * 255.0 / maximum);

    /// <summary>X = rows, Y = columns, Z = 1 with RAS+ axes: the axial slice of the volume is the picture as it is seen.</summary>
    public Volume ToVolume(PixelSize size)
    {
        var voxels = GC.AllocateUninitializedArray<float>(Pixels.Length);
        for (var row = 0; row < Height; row++)
        {
            for (var column = 0; column < Width; column++)
                voxels[(column * Height) + row] = Pixels[(row * Width) + column];
        }

        return new Volume(voxels, Geometry(Height, Width, size));
    }

    public static VolumeGeometry Geometry(int height, int width, PixelSize size) =>
        VolumeGeometry.Axial(height, width, 1, size.Y, size.X, size.Z);
}
