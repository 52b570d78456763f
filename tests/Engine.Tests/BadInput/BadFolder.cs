using System.Security.Cryptography;
using MedSeg.Engine.Tests.Bids;

namespace MedSeg.Engine.Tests.BadInput;

/// <summary>Files made up for one case, and what using them leads to.</summary>
internal sealed class BadFolder : IDisposable
{
    private readonly BidsFolder _folder = new();

    public string Root => _folder.Root;

    public string PathOf(string relativePath) => _folder.PathOf(relativePath);

    public BadFolder Text(string relativePath, string text) => Bytes(relativePath, System.Text.Encoding.UTF8.GetBytes(text));

    public BadFolder Bytes(string relativePath, byte[] bytes)
    {
        _folder.Bytes(relativePath, bytes);
        return this;
    }

    public BadFolder Image(string relativePath, int x = 2)
    {
        _folder.Image(relativePath, x);
        return this;
    }

    public BadFolder Folder(string relativePath)
    {
        Directory.CreateDirectory(PathOf(relativePath));
        return this;
    }

    /// <summary>A dataset of one subject, an image and its label, with nothing to complain about.</summary>
    public BadFolder Dataset() => Text("dataset_description.json", """{"Name": "Test", "BIDSVersion": "1.9.0"}""")
        .Text("participants.tsv", "participant_id\tage\nsub-01\t30\n")
        .Image("sub-01/anat/sub-01_T1w.nii.gz")
        .Image("derivatives/labels/sub-01/anat/sub-01_T1w_seg-manual.nii.gz");

    /// <summary>What is found when the folder is imported.</summary>
    public IEnumerable<Complaint> Import() => _folder.Scan().Findings.Select(f => new Complaint(f.Id, f.Message, f.Recommendation, f.Path));

    /// <summary>The error that work ends with.</summary>
    public static IEnumerable<Complaint> Try(Action work)
    {
        try
        {
            work();
            return [];
        }
        catch (SegException error)
        {
            return [new Complaint(error.ErrorId, error.Message, error.Recommendation)];
        }
    }

    /// <summary>Bytes of all files.</summary>
    public long Size => new DirectoryInfo(Root).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    /// <summary>Names and hashes of all files.</summary>
    public IReadOnlyList<string> Contents() =>
    [
        .. Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => $"{Path.GetRelativePath(Root, path)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))}"),
    ];

    public void Dispose() => _folder.Dispose();
}
