using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Bids;

/// <summary>
/// Reads the headers of images and labels: damaged files and labels on another grid are left out with a finding. Only a few
/// hundred bytes of each file are read, several files at a time.
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
            var (expected, actual) = (SizeInRas(header), SizeInRas(label));
            if (expected == actual)
                labels.Add(suffix, path);
            else
                findings.Add(FindingCatalog.LabelGridMismatch.At(path, $"{name} has {Text(actual)} voxels where its image has {Text(expected)}."));
        }

        return image with { Labels = labels };
    }

    private static VolumeGeometry? Read(string path, string name, IReadOnlyDictionary<string, object?> metadata, List<BidsFinding> findings)
    {
        try
        {
            var info = ImageFile.ReadInfo(path, metadata);
            findings.AddRange(info.Findings.Where(f => f.Severity != FindingSeverity.Information).Select(f =>
                FindingCatalog.HeaderRemark.At(path, $"{name}, field {f.Field}: {f.Message}") with { Recommendation = f.Recommendation }));
            return info.Geometry;
        }
        catch (SegException e)
        {
            findings.Add(FindingCatalog.ImageUnreadable.At(path, $"{e.ErrorId}: {e.Message}") with { Recommendation = e.Recommendation });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            findings.Add(FindingCatalog.ImageUnreadable.At(path, $"{name} can't be read: {e.Message}"));
        }

        return null;
    }

    /// <summary>Voxels towards right, anterior and superior: files of one grid may store their axes in different orders.</summary>
    private static (int Right, int Anterior, int Superior) SizeInRas(VolumeGeometry geometry)
    {
        var map = Orientation.ToRas(geometry.Affine);
        int[] size = [geometry.X, geometry.Y, geometry.Z];
        return (size[map.Source(0)], size[map.Source(1)], size[map.Source(2)]);
    }

    private static string Text((int X, int Y, int Z) size) => FormattableString.Invariant($"{size.X}×{size.Y}×{size.Z}");
}
