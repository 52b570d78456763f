using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Bids;

/// <summary>
/// Decides about symbolic links and junctions. A link to a file inside the dataset is followed, because DataLad and git-annex
/// datasets consist of such links. Links to folders (which can form loops) and links that leave the dataset are not.
/// </summary>
internal sealed class LinkGuard(string root)
{
    private const int MaximumHops = 16;

    private readonly string _prefix = Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar;

    /// <summary>True when the entry may be used; <paramref name="size"/> is then the size of what it stands for.</summary>
    public bool Allows(string path, bool isFolder, ref long size, List<BidsFinding> findings)
    {
        FileSystemInfo info = isFolder ? new DirectoryInfo(path) : new FileInfo(path);
        var name = Path.GetFileName(path);
        try
        {
            // Cloud placeholders and deduplicated files are reparse points too, but no links.
            if (info.LinkTarget is null)
                return true;
            if (isFolder)
                return Refuse($"The folder '{name}' is a link to '{info.LinkTarget}'; linked folders are not followed.", path, findings);
            var target = FinalTarget(info);
            if (target is null)
                return Refuse($"The file '{name}' is a link that leaves the dataset or runs in a circle ('{info.LinkTarget}').", path, findings);
            if (!target.Exists)
            {
                findings.Add(FindingCatalog.BrokenLink.At(path, $"The file '{name}' is a link to '{info.LinkTarget}', which does not exist."));
                return false;
            }

            size = target.Length;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refuse($"The link '{name}' can't be resolved: {e.Message}", path, findings);
        }
    }

    private static bool Refuse(string message, string path, List<BidsFinding> findings)
    {
        findings.Add(FindingCatalog.LinkNotFollowed.At(path, message));
        return false;
    }

    /// <summary>What a chain of file links ends at, or null when a step leaves the dataset or the chain has no end.</summary>
    private FileInfo? FinalTarget(FileSystemInfo link)
    {
        var current = new FileInfo(link.FullName);
        for (var hop = 0; hop < MaximumHops; hop++)
        {
            if (current.LinkTarget is not { } text)
                return current;
            var next = Path.GetFullPath(text, current.DirectoryName!);
            if (!next.StartsWith(_prefix, PlatformFiles.PathComparison) || PassesLinkedFolder(next))
                return null;
            current = new FileInfo(next);
        }

        return null;
    }

    /// <summary>A linked folder on the way could lead out of the dataset although the path reads as if it stayed inside.</summary>
    private bool PassesLinkedFolder(string path)
    {
        for (var folder = Path.GetDirectoryName(path); folder is not null && folder.Length >= _prefix.Length; folder = Path.GetDirectoryName(folder))
        {
            if (new DirectoryInfo(folder).LinkTarget is not null)
                return true;
        }

        return false;
    }
}
