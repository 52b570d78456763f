using System.Globalization;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Reporting;

/// <summary>Pictures of masks on their image.</summary>
public static class Overlay
{
    private const int SinglePixels = 800;
    private const int TilePixels = 320;
    private const int Gap = 4;

    /// <summary>Draws the slices that a request asks for and writes them as one PNG.</summary>
    /// <exception cref="SegException">
    /// A file cannot be read or does not fit the image (as for metrics), <c>SliceOutOfRange</c>, <c>SliceAxisUnknown</c>,
    /// <c>OutputIsInput</c>, <c>DiskFull</c>, <c>CannotWrite</c>.
    /// </exception>
    public static void Write(OverlayRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        OutputGuard.RequireNoInput(
            request.OutputPath, [request.ImagePath, .. request.Masks.SelectMany(m => new[] { m.PredictionPath, m.ReferencePath })]);
        var input = OverlayInput.Read(request, cancellationToken);
        var axis = input.IsPicture ? SliceAxis.Axial : SliceLayout.Parse(request.Plane);
        Draw(input, axis, request, cancellationToken).Save(request.OutputPath);
    }

    internal static Canvas Draw(OverlayInput input, SliceAxis axis, OverlayRequest request, CancellationToken cancellationToken)
    {
        var slices = OverlaySlices.Choose(input, axis, request);
        var view = new OverlayView(input.Image.Geometry, axis, input.IsPicture);
        var images = slices.Select(i => view.Show(input.Image, i)).ToList();
        var masks = slices.Select(i => input.Classes.Select(c => (Show(c.Prediction, i), Show(c.Reference, i))).ToList()).ToList();
        var window = request.Crop ? view.Around(masks.SelectMany(m => m).SelectMany(m => new[] { m.Item1, m.Item2 }).OfType<ViewSlice>()) : view.Everything;
        var tile = OverlayTile.SizeOf(window, view.Spacing, slices.Count == 1 ? SinglePixels : TilePixels);
        var range = GrayRange(images);

        var across = (int)Math.Ceiling(Math.Sqrt(slices.Count));
        var down = (slices.Count + across - 1) / across;
        var legend = OverlayLegend.SizeOf(input.Classes);
        var height = (down * (tile.Rows + Gap)) - Gap;
        var canvas = new Canvas(Math.Max((across * (tile.Columns + Gap)) - Gap, legend.Columns), height + legend.Rows);
        for (var i = 0; i < slices.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (top, left) = (i / across * (tile.Rows + Gap), i % across * (tile.Columns + Gap));
            OverlayTile.Draw(canvas, top, left, tile, window, images[i], range, masks[i]);
            if (!input.IsPicture)
                canvas.Text(top + Gap, left + Gap, Label(axis, slices[i]), Rgb.White, 2);
        }

        OverlayLegend.Draw(canvas, height, input.Classes);
        return canvas;

        ViewSlice? Show(Volume? mask, int index) => mask is null ? null : view.Show(mask, index);
    }

    private static string Label(SliceAxis axis, int slice) =>
        string.Create(CultureInfo.InvariantCulture, $"{(axis switch { SliceAxis.Sagittal => 'x', SliceAxis.Coronal => 'y', _ => 'z' })}:{slice}");

    /// <summary>From the 0.5th to the 99.5th percentile, so that a few extreme voxels do not darken the rest.</summary>
    internal static (float Black, float White) GrayRange(IEnumerable<ViewSlice> images)
    {
        var values = images.SelectMany(i => i.Values).Where(float.IsFinite).ToArray();
        if (values.Length == 0)
            return (0, 1);
        Array.Sort(values);
        float black = values[(int)(0.005 * (values.Length - 1))], white = values[(int)(0.995 * (values.Length - 1))];
        if (white <= black)
            (black, white) = (values[0], values[^1]);
        return white > black ? (black, white) : (black, black + 1);
    }
}
