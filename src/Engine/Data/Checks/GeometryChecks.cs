using MedSeg.Engine.Configuration.Checks;
using MedSeg.Engine.Data.Patches;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Transforms;
using static MedSeg.Engine.Configuration.Checks.ConfigFindingCatalog;

namespace MedSeg.Engine.Data.Checks;

/// <summary>Sizes of samples after the load-time transforms, worked out from image headers.</summary>
internal sealed class GeometryChecks
{
    private static readonly string[] Crops = ["CenterCrop", "ROICrop"];

    private readonly ConfigFacts _facts;
    private readonly SliceAxis _axis;
    private readonly PatchSettings _patches;
    private readonly List<(BidsImage Image, GridSize Size)> _loaded = [];
    private readonly List<(BidsImage Image, GridSize Before, GridSize After, string Crop)> _padded = [];
    private readonly List<SegFinding> _findings = [];

    private GeometryChecks(SegConfig config)
    {
        _facts = new ConfigFacts(config);
        _axis = SliceLayout.Parse(config.LoaderParameters.SliceAxis);
        _patches = PatchSettings.Of(config);
    }

    /// <summary>Findings, and the size and number of the samples (slices or volumes) that training keeps.</summary>
    /// <param name="images">Images that train or validate.</param>
    public static (IReadOnlyList<SegFinding> Findings, IReadOnlyList<(GridSize Size, int Count)> Samples) Of(
        SegConfig config, IReadOnlyList<BidsImage> images, ISegObserver observer, CancellationToken ct)
    {
        var checks = new GeometryChecks(config);
        IReadOnlyList<SegTransform> preparation;
        try
        {
            preparation = TransformPipeline.Create(config, DatasetParts.Training).AtLoad;
        }
        catch (SegException error)
        {
            // A transform that is not there yet is a finding of its own.
            return (error.ErrorId == "NotSupportedYet" ? [] : [TransformImpossible.At("transformation", error.Message)], []);
        }

        var headers = ImageHeaders.Read(images, observer, ct);
        checks.Unreadable(headers);
        var readable = headers.Where(header => header is { Grid: not null, Channels: 1 }).ToList();
        var samples = readable.SelectMany(header => checks.Load(header.Image, header.Grid!, preparation)).ToList();
        checks.Channels(readable);
        checks.Sizes();
        return (checks._findings, samples);
    }

    private void Unreadable(ImageHeaders.Header[] headers)
    {
        var bad = headers.Where(header => header.Error is not null).ToList();
        if (bad.Count > 0)
            _findings.Add(HeaderUnreadable.At(
                "loader_parameters.path_data", $"{bad.Count} of {headers.Length} images cannot be read. {bad[0].Error!.Message}"));
        var deep = headers.Where(header => header.Channels > 1).ToList();
        if (deep.Count > 0)
        {
            _findings.Add(ImageNot3D.At(
                "loader_parameters.path_data",
                $"{deep.Count} of {headers.Length} images have several channels or time points (first: {deep[0].Image.RelativePath}, {deep[0].Channels})."));
        }

        var rasters = headers.Where(header => !ImageFile.IsNifti(header.Image.Path)).ToList();
        if (rasters.Count > 0 && _axis != SliceAxis.Axial)
        {
            _findings.Add(RasterAxis.At(
                "loader_parameters.slice_axis",
                $"'{_facts.Loader.SliceAxis}': {rasters[0].Image.RelativePath} is a 2D image and has axial slices only."));
        }
    }

    /// <summary>The samples of one image; none where a transform refuses it.</summary>
    private IEnumerable<(GridSize Size, int Count)> Load(BidsImage image, VolumeGeometry grid, IReadOnlyList<SegTransform> preparation)
    {
        var (h, w, d) = SliceLayout.Shape(grid, _axis);
        var sample = new SampleInfo(new GridSize(h, w, _patches.IsVolume ? d : 1), SliceLayout.Spacing(grid, _axis), 1);
        foreach (var transform in preparation)
        {
            try
            {
                var (before, after) = (sample.Size, transform.Draw(sample, null).Output);
                if (Crops.Contains(transform.Name) && (after.Size.H > before.H || after.Size.W > before.W || after.Size.D > before.D))
                    _padded.Add((image, before, after.Size, transform.Name));
                sample = after;
            }
            catch (SegException error)
            {
                if (_findings.TrueForAll(finding => finding.Id != TransformImpossible.Id))
                    _findings.Add(TransformImpossible.At(
                        $"transformation.{transform.Name}", $"{image.RelativePath}: {error.Message} {error.Recommendation}"));
                return [];
            }
        }

        _loaded.Add((image, sample.Size));
        return [(sample.Size, _patches.IsVolume ? 1 : d)];
    }

    /// <summary>Channels of one sample lie on one grid.</summary>
    private void Channels(IReadOnlyList<ImageHeaders.Header> headers)
    {
        if (!_facts.Loader.Multichannel)
            return;
        var grids = headers.ToDictionary(header => header.Image.Path, header => header.Grid!, StringComparer.Ordinal);
        foreach (var source in ChannelGroups.Of([.. headers.Select(header => header.Image)], _facts.Config))
        {
            var reference = grids[source.Reference.Path];
            foreach (var channel in source.Channels)
            {
                var grid = grids[channel.Path];
                var difference = GridAgreement.SameSize(reference, grid)
                    ? GridAgreement.Difference(reference, grid)
                    : $"{GridAgreement.Size(grid)} voxels where that has {GridAgreement.Size(reference)}";
                if (difference is not null)
                {
                    _findings.Add(ChannelGridDiffers.At(
                        "loader_parameters.multichannel",
                        $"{channel.RelativePath} does not lie on the grid of {source.Reference.RelativePath}: {difference}."));
                    return;
                }
            }
        }
    }

    private void Sizes()
    {
        if (_padded.Count > 0)
        {
            var (image, before, after, crop) = _padded[0];
            _findings.Add(CropLargerThanImage.At(
                $"transformation.{crop}",
                $"{after} is larger than {_padded.Select(p => p.Image).Distinct().Count()} of {_loaded.Count} images, which are padded with 0 "
                + $"(first: {image.RelativePath}, {before})."));
        }

        if (_loaded.Count == 0)
            return;
        if (_patches.Length is { } length)
        {
            var small = _loaded.FindAll(sample => sample.Size.H < length.H || sample.Size.W < length.W || sample.Size.D < length.D);
            if (small.Count > 0)
            {
                _findings.Add(PatchLargerThanImage.At(
                    _patches.Key,
                    $"patches of {length} do not fit into {small.Count} of {_loaded.Count} images (first: {small[0].Image.RelativePath}, "
                    + $"{small[0].Size} after the load-time transforms)."));
            }

            return;
        }

        var other = _loaded.Find(sample => sample.Size != _loaded[0].Size);
        if (other.Image is not null)
        {
            _findings.Add(SampleSizesDiffer.At(
                "transformation.CenterCrop",
                $"samples must have one size, but those of {_loaded[0].Image.RelativePath} are {_loaded[0].Size} and those of "
                + $"{other.Image.RelativePath} are {other.Size} after the load-time transforms."));
        }

        var tiny = _loaded.Find(sample => _facts.IsTooSmall(
            _patches.IsVolume ? [sample.Size.H, sample.Size.W, sample.Size.D] : [sample.Size.H, sample.Size.W]));
        if (tiny.Image is not null)
        {
            _findings.Add(ImageTooSmall.At(
                _facts.IsFlat ? _facts.NetworkKey : "default_model.depth",
                $"{NetworkChecks.Need(_facts)}, and {tiny.Image.RelativePath} has {tiny.Size}."));
        }
    }
}
