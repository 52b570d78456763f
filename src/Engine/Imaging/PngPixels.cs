using System.Buffers.Binary;

namespace MedSeg.Engine.Imaging;

/// <summary>Filtered rows of a PNG file to gray: undoes filters and interlacing row by row.</summary>
internal static class PngPixels
{
    /// <summary>Adam7: first column, first row, column step, row step of the seven passes.</summary>
    private static readonly (int X, int Y, int StepX, int StepY)[] Passes =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    public static GrayImage Decode(string path, PngHeader header, byte[] palette, Stream rows, CancellationToken ct)
    {
        var pixels = new float[header.Width * header.Height];
        (int X, int Y, int StepX, int StepY)[] passes = header.Interlaced ? Passes : [(0, 0, 1, 1)];
        foreach (var pass in passes)
        {
            var width = (header.Width - pass.X + pass.StepX - 1) / pass.StepX;
            var height = (header.Height - pass.Y + pass.StepY - 1) / pass.StepY;
            if (width > 0 && height > 0)
                DecodePass(path, header, palette, rows, pass, width, pixels, ct);
        }

        // The read past the last row makes the decompressor compare its checksum.
        if (rows.ReadByte() >= 0)
            throw Damaged(path, "there are more pixels than the header says.");
        return new(header.Height, header.Width, pixels);
    }

    private static void DecodePass(
        string path, PngHeader header, byte[] palette, Stream rows, (int X, int Y, int StepX, int StepY) pass, int width, float[] pixels, CancellationToken ct)
    {
        var row = new byte[(int)header.RowBytes(width)];
        var previous = new byte[row.Length];
        var gray = new float[width];
        var distance = Math.Max(1, header.Samples * header.Depth / 8);
        for (var y = pass.Y; y < header.Height; y += pass.StepY)
        {
            ct.ThrowIfCancellationRequested();
            var filter = rows.ReadByte();
            if (filter < 0 || rows.ReadAtLeast(row, row.Length, throwOnEndOfStream: false) < row.Length)
                throw ImageErrors.Invalid("PngTruncated", path, "IDAT", $"the pixels end in row {y} of {header.Height}.", "Fetch or export the file again.");
            if (!Unfilter(filter, row, previous, distance))
                throw Damaged(path, $"row {y} has the unknown filter {filter}.");
            ToGray(path, header, palette, row, gray);
            for (var i = 0; i < width; i++)
                pixels[(y * header.Width) + pass.X + (i * pass.StepX)] = gray[i];
            (row, previous) = (previous, row);
        }
    }

    /// <summary>Adds the prediction back (section 9 of the standard): none, left, up, average or Paeth.</summary>
    private static bool Unfilter(int filter, byte[] row, byte[] up, int distance)
    {
        switch (filter)
        {
            case 0:
                return true;
            case 1:
                for (var i = distance; i < row.Length; i++)
                    row[i] += row[i - distance];
                return true;
            case 2:
                for (var i = 0; i < row.Length; i++)
                    row[i] += up[i];
                return true;
            case 3:
                for (var i = 0; i < row.Length; i++)
                    row[i] += (byte)(((i < distance ? 0 : row[i - distance]) + up[i]) / 2);
                return true;
            case 4:
                for (var i = 0; i < row.Length; i++)
                    row[i] += i < distance ? up[i] : Paeth(row[i - distance], up[i], up[i - distance]);
                return true;
            default:
                return false;
        }
    }

    private static byte Paeth(int left, int up, int upLeft)
    {
        int a = Math.Abs(up - upLeft), b = Math.Abs(left - upLeft), c = Math.Abs(left + up - (2 * upLeft));
        return (byte)(a <= b && a <= c ? left : b <= c ? up : upLeft);
    }

    private static void ToGray(string path, PngHeader header, byte[] palette, byte[] row, float[] gray)
    {
        var maximum = (1 << header.Depth) - 1;
        for (var i = 0; i < gray.Length; i++)
        {
            var at = i * header.Samples;
            switch (header.ColourType)
            {
                case 0 or 4:
                    gray[i] = GrayImage.Level(Sample(row, at, header.Depth), maximum);
                    break;
                case 2 or 6:
                    gray[i] = GrayImage.Luma(
                        Sample(row, at, header.Depth), Sample(row, at + 1, header.Depth), Sample(row, at + 2, header.Depth), maximum);
                    break;
                default:
                    var entry = 3 * Sample(row, at, header.Depth);
                    if (entry >= palette.Length)
                    {
                        throw ImageErrors.Invalid("PngDamaged", path, "PLTE",
                            $"a pixel names colour {entry / 3}, which the palette does not have.", "Fetch or export the file again.");
                    }

                    gray[i] = GrayImage.Luma(palette[entry], palette[entry + 1], palette[entry + 2], 255);
                    break;
            }
        }
    }

    private static int Sample(byte[] row, int index, int depth)
    {
        switch (depth)
        {
            case 8: return row[index];
            case 16: return BinaryPrimitives.ReadUInt16BigEndian(row.AsSpan(2 * index));
            default:
                var bit = index * depth;
                return (row[bit / 8] >> (8 - depth - (bit % 8))) & ((1 << depth) - 1);
        }
    }

    private static SegException Damaged(string path, string problem) =>
        ImageErrors.Invalid("PngDamaged", path, "IDAT", problem, "Fetch or export the file again.");
}
