using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Reporting;

/// <summary>A picture in memory, 8 bit RGB, black at first.</summary>
internal sealed class Canvas(int width, int height)
{
    private readonly byte[] _bytes = new byte[checked(3 * width * height)];

    public int Width => width;

    public int Height => height;

    public Rgb this[int row, int column]
    {
        get
        {
            var at = 3 * ((row * width) + column);
            return new(_bytes[at], _bytes[at + 1], _bytes[at + 2]);
        }

        set
        {
            var at = 3 * ((row * width) + column);
            (_bytes[at], _bytes[at + 1], _bytes[at + 2]) = (value.R, value.G, value.B);
        }
    }

    /// <summary>Fills a rectangle.</summary>
    public void Fill(int top, int left, int rows, int columns, Rgb color)
    {
        for (var row = top; row < top + rows; row++)
        {
            for (var column = left; column < left + columns; column++)
                this[row, column] = color;
        }
    }

    /// <summary>Writes text; what does not fit is cut off.</summary>
    /// <param name="scale">Pixels for one pixel of the letters.</param>
    public void Text(int top, int left, string text, Rgb color, int scale)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var start = left + (i * (PixelFont.Width + 1) * scale);
            for (var row = 0; row < PixelFont.Height * scale; row++)
            {
                for (var column = 0; column < PixelFont.Width * scale; column++)
                {
                    if (top + row < height && start + column < width && PixelFont.IsSet(text[i], row / scale, column / scale))
                        this[top + row, start + column] = color;
                }
            }
        }
    }

    /// <summary>The picture as a PNG file in memory.</summary>
    public byte[] ToPng() => PngFile.EncodeRgb(_bytes, height, width);

    public void Save(string path) => PngFile.WriteRgb(path, _bytes, height, width);
}
