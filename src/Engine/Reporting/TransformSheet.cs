using System.Globalization;
using MedSeg.Engine.Runtime;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Reporting;

/// <summary>Contact sheets of what the transforms of a configuration do to an image and its label.</summary>
public static class TransformSheet
{
    /// <summary>Runs the chain and writes the picture.</summary>
    /// <exception cref="SegException">
    /// A file cannot be read or does not fit the image, a transform is unknown or has a wrong parameter, <c>SliceOutOfRange</c>,
    /// <c>SliceOfVolume</c>, <c>OutputIsInput</c>, <c>DiskFull</c> or <c>CannotWrite</c>.
    /// </exception>
    public static SegTransformSheet Write(TransformSheetRequest request, ISegObserver observer, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(observer);
        OutputGuard.RequireNoInput(request.OutputPath, [request.ImagePath, request.RoiPath, .. request.Labels.Select(l => l.Path)]);
        var pipeline = TransformPipeline.Create(request.Config, request.Part);
        var input = TransformSheetInput.Read(request, observer, ct);
        var rows = Rows(input, pipeline, request, observer, ct);
        var picture = new TransformSheetPicture(input, Path.GetFileName(request.ImagePath), request.Part, request.Seed);
        picture.Draw(rows, ct).Save(request.OutputPath);
        return new SegTransformSheet
        {
            Path = request.OutputPath,
            ImagePath = request.ImagePath,
            Part = request.Part,
            Seed = request.Seed,
            Samples = rows.Count,
            Steps = [.. rows.SelectMany(r => r.Tiles).Select(t => t.Step).OfType<SegTransformStep>()],
        };
    }

    /// <summary>The tiles of every row. Slices follow each other when there are fewer than rows.</summary>
    internal static IReadOnlyList<TransformSheetRow> Rows(
        TransformSheetInput input, TransformPipeline pipeline, TransformSheetRequest request, ISegObserver observer, CancellationToken ct)
    {
        if (pipeline.UsesRoi && input.Roi is null)
            observer.Warning($"'{request.ImagePath}': ROICrop has no region of interest; it takes the middle of the image.");
        var slices = Slices(input, request);
        var rows = new List<TransformSheetRow>();
        for (var row = 0; row < request.Count; row++)
        {
            ct.ThrowIfCancellationRequested();
            var slice = slices[row % slices.Count];
            var tiles = TransformSheetChain.Run(
                input.Sample(slice), pipeline, request.Config, row + 1, slice, new RandomStream(request.Seed, row));
            rows.Add(new(slice, tiles));
        }

        return rows;
    }

    private static IReadOnlyList<int?> Slices(TransformSheetInput input, TransformSheetRequest request)
    {
        if (request.Config.DefaultModel.Is2D)
        {
            var plane = request.Config.LoaderParameters.SliceAxis;
            var overlay = new OverlayRequest(request.ImagePath, [], request.OutputPath, plane, request.Slice, request.Count, Crop: false);
            return [.. OverlaySlices.Choose(new(input.Image, input.Labels, input.IsPicture), input.Axis, overlay).Select(i => (int?)i)];
        }

        return request.Slice is null
            ? [null]
            : throw new SegException(
                "SliceOfVolume", SegErrorKind.InvalidArgument,
                string.Create(CultureInfo.InvariantCulture, $"Slice {request.Slice} of '{request.ImagePath}' is no sample: default_model.is_2d is false."),
                "Leave out the slice; the middle of the volume is shown.", request.ImagePath);
    }
}

/// <summary>One sample of a sheet.</summary>
/// <param name="Slice">Index of its slice; null for volumes.</param>
/// <param name="Tiles">As read, then after each transform.</param>
internal sealed record TransformSheetRow(int? Slice, IReadOnlyList<TransformSheetTile> Tiles);
