namespace MedSeg.Engine.Reporting.Animation;

/// <summary>
/// At most 256 colours for a picture: its own where there are no more, else by median cut (Heckbert, Color image quantization for frame
/// buffer display, SIGGRAPH 1982).
/// </summary>
internal static class GifPalette
{
    /// <summary>Colours of a table.</summary>
    public const int Size = 256;

    /// <summary>The colours, and the index of one for each pixel, row by row. The same picture gives the same result.</summary>
    public static (Rgb[] Colors, byte[] Pixels) Of(Canvas canvas)
    {
        var counts = new Dictionary<Rgb, int>();
        for (var i = 0; i < canvas.Width * canvas.Height; i++)
        {
            var color = canvas[i / canvas.Width, i % canvas.Width];
            counts[color] = counts.GetValueOrDefault(color) + 1;
        }

        var boxes = Cut([.. counts.OrderBy(c => (c.Key.R << 16) | (c.Key.G << 8) | c.Key.B).Select(c => (c.Key, c.Value))]);
        var indices = new Dictionary<Rgb, byte>();
        for (var box = 0; box < boxes.Count; box++)
        {
            foreach (var (color, _) in boxes[box]) indices[color] = (byte)box;
        }

        var pixels = new byte[canvas.Width * canvas.Height];
        for (var i = 0; i < pixels.Length; i++) pixels[i] = indices[canvas[i / canvas.Width, i % canvas.Width]];
        return ([.. boxes.Select(Mean)], pixels);
    }

    /// <summary>Halves the box with the widest range of one colour until there are enough boxes, or one colour in each.</summary>
    private static List<(Rgb Color, int Count)[]> Cut((Rgb Color, int Count)[] all)
    {
        List<(Rgb Color, int Count)[]> boxes = all.Length <= Size ? [.. all.Select(c => new[] { c })] : [all];
        while (boxes.Count < Math.Min(Size, all.Length))
        {
            var widest = Enumerable.Range(0, boxes.Count).MaxBy(i => Range(boxes[i], WidestChannel(boxes[i])));
            var channel = WidestChannel(boxes[widest]);
            var sorted = boxes[widest].OrderBy(c => Channel(c.Color, channel)).ToArray();
            long half = sorted.Sum(c => (long)c.Count) / 2, sum = 0;
            var at = 1;
            while (at < sorted.Length - 1 && (sum += sorted[at - 1].Count) < half) at++;
            (boxes[widest], var rest) = (sorted[..at], sorted[at..]);
            boxes.Add(rest);
        }

        return boxes;
    }

    private static int WidestChannel((Rgb Color, int Count)[] box) => Enumerable.Range(0, 3).MaxBy(channel => Range(box, channel));

    private static int Range((Rgb Color, int Count)[] box, int channel) =>
        box.Max(c => Channel(c.Color, channel)) - box.Min(c => Channel(c.Color, channel));

    private static int Channel(Rgb color, int channel) => channel switch { 0 => color.R, 1 => color.G, _ => color.B };

    private static Rgb Mean((Rgb Color, int Count)[] box)
    {
        double pixels = box.Sum(c => (long)c.Count);
        byte Of(int channel) => (byte)Math.Round(box.Sum(c => (double)c.Count * Channel(c.Color, channel)) / pixels);
        return new(Of(0), Of(1), Of(2));
    }
}
