using MedSeg.Engine.Evaluation;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Reporting;

/// <summary>What a contact sheet is made of, read and turned to RAS+. Labels hold fractions of 0 … 1.</summary>
internal sealed record TransformSheetInput(Volume Image, IReadOnlyList<OverlayClass> Labels, Volume? Roi, bool IsPicture, SliceAxis Axis)
{
    /// <summary>Reads all files; labels and region must lie on the image's grid.</summary>
    /// <exception cref="SegException">
    /// An error of a file, <c>ImageNot3D</c>, <c>SliceAxisOf2D</c>, <c>MaskShapeMismatch</c> or <c>MaskGridMismatch</c>.
    /// </exception>
    public static TransformSheetInput Read(TransformSheetRequest request, ISegObserver observer, CancellationToken ct)
    {
        var axis = SliceLayout.Parse(request.Config.LoaderParameters.SliceAxis);
        var isPicture = ImageFile.IsPicture(request.ImagePath);
        if (isPicture && axis != SliceAxis.Axial)
        {
            throw new SegException(
                "SliceAxisOf2D", SegErrorKind.InvalidArgument, $"loader_parameters.slice_axis: '{request.ImagePath}' is a 2D image and has axial slices only.",
                "Set slice_axis to axial.", request.ImagePath);
        }

        var files = request.Labels.Select(l => l.Path).Prepend(request.ImagePath);
        var metadata = request.Metadata ?? MaskFile.KnownPixelSize(files);
        var image = ReadImage(request.ImagePath, metadata, observer, ct);
        var soft = request.Config.LoaderParameters.SoftGt;
        return new(
            image,
            [.. request.Labels.Select(l => new OverlayClass(l.Name, null, ReadLabel(l.Path, image, request.ImagePath, metadata, soft, ct)))],
            request.RoiPath is null ? null : ReadLabel(request.RoiPath, image, request.ImagePath, metadata, soft, ct),
            isPicture,
            axis);
    }

    private static Volume ReadImage(string path, IReadOnlyDictionary<string, object?>? metadata, ISegObserver observer, CancellationToken ct)
    {
        var volume = ImageFile.Read(path, metadata, ct);
        if (volume.Channels != 1)
        {
            throw new SegException(
                "ImageNot3D", SegErrorKind.InvalidData, $"'{path}' has {volume.Channels} channels or time points; one is expected.",
                "Split it into one file per channel, each its own contrast.", path);
        }

        var removed = 0;
        foreach (ref var voxel in volume.Voxels.AsSpan())
        {
            if (float.IsFinite(voxel))
                continue;
            voxel = 0;
            removed++;
        }

        if (removed > 0)
            observer.Warning($"{path} has {removed} voxels that are not finite numbers; they count as 0.");
        return ToRas(volume);
    }

    /// <summary>Pictures are black or white unless labels are soft, other values are cut at 1.</summary>
    private static Volume ReadLabel(
        string path, Volume image, string imagePath, IReadOnlyDictionary<string, object?>? metadata, bool soft, CancellationToken ct)
    {
        var label = ToRas(MaskFile.Read(path, metadata ?? MaskFile.PixelSizeOf(path), ct));
        GridCheck.Require(path, label.Geometry, imagePath, image.Geometry);
        var isPicture = ImageFile.IsPicture(path);
        var threshold = MaskFile.ThresholdOf(path);
        return new(
            Array.ConvertAll(label.Voxels, v => !float.IsFinite(v) ? 0 : isPicture ? soft ? v / 255 : v >= threshold ? 1 : 0 : Math.Clamp(v, 0, 1)),
            image.Geometry);
    }

    private static Volume ToRas(Volume volume) => Orientation.Apply(volume, Orientation.ToRas(volume.Geometry.Affine));

    /// <summary>One slice as a sample, or all slices as a volume where the index is null.</summary>
    public TransformSheetSample Sample(int? slice)
    {
        var (h, w, d) = SliceLayout.Shape(Image.Geometry, Axis);
        var size = slice is null ? new GridSize(h, w, d) : new GridSize(h, w);
        return new(
            new SampleInfo(size, SliceLayout.Spacing(Image.Geometry, Axis), 1),
            Plane(Image, size, slice),
            [.. Labels.Select(l => Plane(l.Reference!, size, slice))],
            Roi is null ? null : Plane(Roi, size, slice));
    }

    private float[] Plane(Volume volume, GridSize size, int? slice)
    {
        var plane = new float[size.H * size.W];
        if (slice is { } index)
        {
            SliceLayout.CopySlice(volume, 0, Axis, index, plane);
            return plane;
        }

        var all = new float[size.Count];
        for (var d = 0; d < size.D; d++)
        {
            SliceLayout.CopySlice(volume, 0, Axis, d, plane);
            for (var i = 0; i < plane.Length; i++)
                all[(i * size.D) + d] = plane[i];
        }

        return all;
    }
}

/// <summary>A sample between two transforms.</summary>
/// <param name="Info">Its grid.</param>
/// <param name="Image">One channel.</param>
/// <param name="Labels">One plane for each class.</param>
/// <param name="Roi">Region of interest, if any.</param>
internal sealed record TransformSheetSample(SampleInfo Info, float[] Image, IReadOnlyList<float[]> Labels, float[]? Roi)
{
    /// <summary>The middle slice of a volume, or the slice itself, without the region.</summary>
    public TransformSheetSample Middle()
    {
        var size = Info.Size;
        return size.D == 1 ? this with { Roi = null } : new(Info with { Size = size with { D = 1 } }, Slice(Image), [.. Labels.Select(Slice)], null);

        float[] Slice(float[] plane)
        {
            var slice = new float[size.H * size.W];
            for (var i = 0; i < slice.Length; i++)
                slice[i] = plane[(i * size.D) + (size.D / 2)];
            return slice;
        }
    }

    /// <summary>The sample after a transform. A region that a transform leaves behind on the old grid is forgotten.</summary>
    public TransformSheetSample After(DrawnTransform drawn, SampleKinds appliesTo)
    {
        var roi = Roi is null ? null : Applied(Roi, SampleKinds.Roi, 0);
        return new(
            drawn.Output with { RoiCentre = null },
            Applied(Image, SampleKinds.Image, 0),
            [.. Labels.Select((label, k) => Applied(label, SampleKinds.Label, k))],
            roi?.Length == drawn.Output.Size.Count ? roi : null);

        float[] Applied(float[] plane, SampleKinds kind, int channel)
        {
            if ((appliesTo & kind) == 0)
                return plane;
            var result = new float[drawn.Output.Size.Count];
            drawn.Apply(plane, result, kind, channel);
            return result;
        }
    }
}
