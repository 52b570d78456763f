using MedSeg.Engine.Data;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Tests.Support;

namespace MedSeg.Engine.Tests.Data;

/// <summary>Small NIfTI images with labels in a temporary folder. Voxel values are known: 100·z + 10·y + x, plus 1000 per image.</summary>
internal sealed class DatasetOnDisk : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _images;

    public string Path => _folder.Path;

    public List<BidsImage> Images { get; } = [];

    /// <summary>Adds an image and labels; a label's voxels are what the function says at (x, y, z).</summary>
    public BidsImage Add(
        int x = 6, int y = 5, int z = 4, VolumeGeometry? geometry = null, params (string Suffix, Func<int, int, int, float> Value)[] labels)
    {
        var subject = $"sub-{_images:00}";
        var offset = 1000 * _images++;
        var grid = geometry ?? VolumeGeometry.Axial(x, y, z, 1, 1, 2);
        var image = Save($"{subject}_T2w", Make(grid, (i, j, k) => offset + (100 * k) + (10 * j) + i));
        var files = labels.ToDictionary(l => l.Suffix, l => Save($"{subject}_T2w{l.Suffix}", Make(grid, l.Value)));
        return Add(subject, image, files);
    }

    /// <summary>The images as samples of one channel each.</summary>
    public IReadOnlyList<SampleSource> Sources => [.. Images.Select(SampleSource.Of)];

    /// <summary>Adds an image of a contrast of a subject, and labels.</summary>
    public BidsImage AddContrast(
        string subject, string contrast, VolumeGeometry grid, Func<int, int, int, float> value,
        params (string Suffix, Func<int, int, int, float> Value)[] labels)
    {
        var image = Save($"{subject}_{contrast}", Make(grid, value));
        var files = labels.ToDictionary(l => l.Suffix, l => Save($"{subject}_{contrast}{l.Suffix}", Make(grid, l.Value)));
        return Add(subject, image, files, contrast);
    }

    /// <summary>Adds an entry whose files were written by the caller.</summary>
    public BidsImage Add(string subject, string path, Dictionary<string, string> labels, string contrast = "T2w")
    {
        var image = new BidsImage
        {
            Path = path,
            Root = Path,
            RelativePath = System.IO.Path.GetFileName(path),
            Subject = subject,
            Entities = new Dictionary<string, string>(),
            Suffix = contrast,
            Contrast = contrast,
            DataType = "anat",
            Extension = ImageFile.ExtensionOf(path),
            Labels = labels,
        };
        Images.Add(image);
        return image;
    }

    public string Save(string stem, Volume volume)
    {
        var path = _folder.File(stem + ".nii.gz");
        NiftiFile.Write(path, volume, NiftiDataType.Float32);
        return path;
    }

    public static Volume Make(VolumeGeometry grid, Func<int, int, int, float> value)
    {
        var voxels = new float[grid.VoxelCount];
        for (var i = 0; i < voxels.Length; i++)
            voxels[i] = value(i % grid.X, i / grid.X % grid.Y, i / (grid.X * grid.Y));
        return new Volume(voxels, grid);
    }

    public void Dispose() => _folder.Dispose();
}

/// <summary>Keeps what the engine says.</summary>
internal sealed class RecordingObserver : ISegObserver
{
    private readonly object _gate = new();

    public List<SegException> Errors { get; } = [];

    public List<string> Warnings { get; } = [];

    public List<SegProgress> Records { get; } = [];

    /// <summary>Called on every progress record.</summary>
    public Action<SegProgress>? OnProgress { get; set; }

    public void Progress(SegProgress progress)
    {
        lock (_gate)
            Records.Add(progress);
        OnProgress?.Invoke(progress);
    }

    public void Verbose(string message)
    {
    }

    public void Warning(string message)
    {
        lock (_gate)
            Warnings.Add(message);
    }

    public void Error(SegException error)
    {
        lock (_gate)
            Errors.Add(error);
    }
}
