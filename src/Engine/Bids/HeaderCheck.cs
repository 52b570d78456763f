using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Bids;

/// <summary>
/// Reads the headers of images and labels: damaged files and labels on another grid are left out with a finding. The pixels are not
/// read. Several files are looked at at a time.
/// </summary>
internal static class HeaderCheck
{
    /// <summary>The usable images with their usable labels, in the given order.</summary>
    public static List<BidsImage> Run(IReadOnlyList<BidsImage> images, List<BidsFinding> findings, CancellationToken ct)
    {
        var results = new (BidsImage? Image, List<BidsFinding> Findings)[images.Count];
        Parallel.For(0, images.Count, new ParallelOptions { CancellationToken = ct, MaxDegreeOfParallelism = 4 }, i =>
        {
            var found = new List<BidsFinding>();
            results[i] = (Check(images[i], found), found);
        });
        findings.AddRange(results.SelectMany(r => r.Findings));
        return [.. results.Where(r => r.Image is not null).Select(r => r.Image!)];
    }

    private static BidsImage? Check(BidsImage image, List<BidsFinding> findings)
    {
        if (Read(image.Path, image.RelativePath, image.Metadata, findings) is not { } header)
            return null;
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (suffix, path) in image.Labels)
        {
            var name = Path.GetRelativePath(image.Root, path).Replace(Path.DirectorySeparatorChar, '/');
            if (Read(path, name, image.Metadata, findings) is not { } label)
                continue;
            if (Difference(header, label) is { } difference)
                findings.Add(FindingCatalog.LabelGridMismatch.At(path, $"{name} {difference}."));
            else
                labels.Add(suffix, path);
        }

        return image with { Labels = labels };
    }

    /// <summary>The grid in RAS order, or null with a finding: whatever one file holds, it does not end the import.</summary>
    private static VolumeGeometry? Read(string path, string name, IReadOnlyDictionary<string, object?> metadata, List<BidsFinding> findings)
    {
        try
        {
            var info = ImageFile.ReadInfo(path, metadata);
            findings.AddRange(info.Findings.Where(f => f.Severity != FindingSeverity.Information).Select(f =>
                FindingCatalog.HeaderRemark.At(path, $"{name}, field {f.Field}: {f.Message}") with { Recommendation = f.Recommendation }));
            return InRas(info.Geometry);
        }
        catch (SegException e)
        {
            var finding = e.ErrorId is "PixelSizeMissing" or "PixelSizeInvalid"
                ? FindingCatalog.PixelSizeMissing.At(path, e.Message)
                : FindingCatalog.ImageUnreadable.At(path, $"{e.ErrorId}: {e.Message}");
            findings.Add(finding with { Recommendation = e.Recommendation });
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            findings.Add(FindingCatalog.ImageUnreadable.At(path, $"{name} can't be read: {e.Message}"));
        }

        return null;
    }

    private static string? Difference(VolumeGeometry image, VolumeGeometry label)
    {
        if (!GridAgreement.SameSize(image, label))
            return $"has {GridAgreement.Size(label)} voxels (in RAS order) where its image has {GridAgreement.Size(image)}";
        return GridAgreement.Difference(image, label) is { } difference
            ? $"lies {difference} (in RAS order) beside its image: their affines differ"
            : null;
    }

    /// <summary>The grid with its axes towards right, anterior and superior: files of one grid may store them in different orders.</summary>
    private static VolumeGeometry InRas(VolumeGeometry geometry) => Orientation.Apply(geometry, Orientation.ToRas(geometry.Affine));
}
