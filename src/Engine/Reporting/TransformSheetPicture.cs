using System.Globalization;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Reporting;

/// <summary>Draws the tiles of a contact sheet with their captions.</summary>
internal sealed class TransformSheetPicture(TransformSheetInput input, string imageName, string part, int seed)
{
    private const int TilePixels = 288;
    private const int Gap = 8;
    private const int Scale = 2;
    private const int LineHeight = (PixelFont.Height * Scale) + 4;
    private const int LineLetters = (TilePixels - Gap) / ((PixelFont.Width + 1) * Scale);
    private const int TilesAcross = 7;
    private const int MostLines = 9;

    private static readonly Rgb s_quiet = new(170, 170, 170);

    /// <summary>Draws all rows.</summary>
    public Canvas Draw(IReadOnlyList<TransformSheetRow> rows, CancellationToken ct)
    {
        var captions = rows.Select(r => r.Tiles.Select(t => Caption(t, r.Slice)).ToList()).ToList();
        var caption = (captions.SelectMany(c => c).Max(c => c.Count) * LineHeight) + Gap;
        var height = TilePixels + Gap + caption;
        var across = Math.Min(TilesAcross, rows[0].Tiles.Count);
        var down = (rows[0].Tiles.Count + across - 1) / across;
        var head = LineHeight + Gap;
        var canvas = new Canvas(Gap + (across * (TilePixels + Gap)), head + (rows.Count * down * height) + Gap);
        canvas.Text(Gap, Gap, string.Create(CultureInfo.InvariantCulture, $"{imageName}  {part}  seed {seed}"), Rgb.White, Scale);
        DrawLegend(canvas);
        for (var r = 0; r < rows.Count; r++)
        {
            for (var i = 0; i < rows[r].Tiles.Count; i++)
            {
                ct.ThrowIfCancellationRequested();
                var (top, left) = (head + Gap + (((r * down) + (i / across)) * height), Gap + (i % across * (TilePixels + Gap)));
                DrawTile(canvas, top, left, rows[r].Tiles[i].Sample);
                for (var line = 0; line < captions[r][i].Count; line++)
                {
                    canvas.Text(
                        top + TilePixels + Gap + (line * LineHeight), left, captions[r][i][line], line == 0 ? Rgb.White : s_quiet, Scale);
                }
            }
        }

        return canvas;
    }

    /// <summary>Classes in their colours, from the right end of the head line.</summary>
    private void DrawLegend(Canvas canvas)
    {
        const int swatch = PixelFont.Height * Scale;
        var left = canvas.Width;
        for (var k = input.Labels.Count - 1; k >= 0; k--)
        {
            left -= (PixelFont.Measure(input.Labels[k].Name) * Scale) + swatch + (3 * Gap);
            if (left < canvas.Width / 2)
                return;
            canvas.Fill(Gap, left, swatch, swatch, Palette.Of(k));
            canvas.Text(Gap, left + swatch + Gap, input.Labels[k].Name, Rgb.White, Scale);
        }
    }

    private void DrawTile(Canvas canvas, int top, int left, TransformSheetSample sample)
    {
        var image = Shown(sample.Image, sample);
        var window = new ViewWindow(0, 0, image.Rows, image.Columns);
        var (h, w, _) = sample.Info.Spacing;
        var size = OverlayTile.SizeOf(window, Turned ? (w, h) : (h, w), TilePixels);
        var labels = sample.Labels.Select(l => Shown(l, sample)).Select(l => ((ViewSlice?)l, (ViewSlice?)Inside(l))).ToList();
        OverlayTile.Draw(canvas, top, left, size, window, image, Overlay.GrayRange([image]), labels, lineReach: 1);
    }

    private bool Turned => input.Axis == SliceAxis.Axial && !input.IsPicture;

    private ViewSlice Shown(float[] plane, TransformSheetSample sample) =>
        OverlayView.Turn(plane, sample.Info.Size.H, sample.Info.Size.W, input.Axis, input.IsPicture);

    /// <summary>Where a label decides for its class: the line is drawn around it, and the tint shows what is softer.</summary>
    private static ViewSlice Inside(ViewSlice label) => label with { Values = Array.ConvertAll(label.Values, v => v >= 0.5f ? 1f : 0f) };

    private List<string> Caption(TransformSheetTile tile, int? slice)
    {
        var (size, spacing) = (tile.Size, tile.Sample.Info.Spacing);
        var depth = slice is null;
        var name = tile.Step?.Name ?? (input.IsPicture ? "image" : slice is { } s ? $"image {"xyz"[(int)input.Axis]}:{s}" : "image, middle slice");
        List<string> lines =
        [
            name.Replace(",", "", StringComparison.Ordinal),
            .. tile.Step is { } step ? Wrapped(step.Stage == SegTransformStage.Load ? "at load" : "at access") : [],
            .. Wrapped(string.Create(CultureInfo.InvariantCulture, $"{size.H}x{size.W}{(depth ? $"x{size.D}" : "")} voxels")),
            .. Wrapped(string.Create(CultureInfo.InvariantCulture, $"{spacing.H:G3}x{spacing.W:G3}{(depth ? $"x{spacing.D:G3}" : "")} mm")),
            .. Wrapped(new DrawnParameter("gray", [tile.Range.Low, tile.Range.High]).ToString()),
            .. tile.Words.SelectMany(Wrapped),
        ];
        return lines.Count <= MostLines ? lines : [.. lines.Take(MostLines - 1), "..."];
    }

    private static IEnumerable<string> Wrapped(string text)
    {
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > LineLetters)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }
}
