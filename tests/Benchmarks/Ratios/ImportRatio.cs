using MedSeg.Engine.Bids;
using MedSeg.Engine.Imaging;

namespace MedSeg.Benchmarks.Ratios;

/// <summary>
/// Indexing a dataset of 10,000 files (1,000 subjects with 2 images, 6 labels and 2 sidecars each) against the bare work: listing the tree, reading
/// the sidecars and opening every image for its header, several at a time as the import does, without matching, checks or findings.
/// </summary>
public sealed class ImportRatio : IRatioBenchmark
{
    private const int Subjects = 1000;
    private const int Rounds = 5;
    private static readonly string[] Contrasts = ["T1w", "T2w"];
    private static readonly string[] Suffixes = ["_seg-cord", "_seg-csf", "_lesion-manual"];

    public string Name => "import";

    public RatioResult Run()
    {
        var folder = SampleVolume.TemporaryFolder();
        try
        {
            Create(folder);
            var request = new DatasetRequest([folder], [], [], []);
            var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Length;
            var images = BidsScanner.Scan(request, SilentObserver.Instance, CancellationToken.None).Images;
            if (images.Count != Subjects * Contrasts.Length || images.Any(i => i.Labels.Count != Suffixes.Length))
                throw new InvalidOperationException("The dataset was not indexed whole.");
            var times = Interleaved.Medians(
                Rounds, () => BidsScanner.Scan(request, SilentObserver.Instance, CancellationToken.None), () => Bare(folder));
            return new(Name, times[0] / times[1], 3, new Dictionary<string, double>
            {
                ["scan_ms"] = times[0], ["bare_ms"] = times[1], ["files"] = files, ["files_per_second"] = files / times[0] * 1000, ["rounds"] = Rounds,
            }, "medians; import of 10,000 files / listing them, reading the sidecars and opening the headers");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Bare(string folder)
    {
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToList();
        foreach (var path in files.Where(f => f.EndsWith(".json", StringComparison.Ordinal)))
            File.ReadAllBytes(path);
        var images = files.FindAll(f => f.EndsWith(".nii.gz", StringComparison.Ordinal));
        Parallel.ForEach(images, new ParallelOptions { MaxDegreeOfParallelism = 4 }, path => ImageFile.ReadInfo(path));
    }

    private static void Create(string folder)
    {
        var image = Path.Combine(folder, "image.nii.gz");
        NiftiFile.Write(image, new Volume(new float[8 * 8 * 4], VolumeGeometry.Axial(8, 8, 4, 1, 1, 3)), NiftiDataType.UInt8);
        var bytes = File.ReadAllBytes(image);
        File.Delete(image);
        File.WriteAllText(Path.Combine(folder, "dataset_description.json"), """{"Name": "Many", "BIDSVersion": "1.9.0"}""");
        File.WriteAllLines(
            Path.Combine(folder, "participants.tsv"), Enumerable.Range(0, Subjects).Select(i => $"sub-{i:0000}").Prepend("participant_id"));
        for (var i = 0; i < Subjects; i++)
        {
            var raw = Directory.CreateDirectory(Path.Combine(folder, $"sub-{i:0000}", "anat")).FullName;
            var labels = Directory.CreateDirectory(Path.Combine(folder, "derivatives", "labels", $"sub-{i:0000}", "anat")).FullName;
            foreach (var contrast in Contrasts)
            {
                var stem = $"sub-{i:0000}_{contrast}";
                File.WriteAllBytes(Path.Combine(raw, stem + ".nii.gz"), bytes);
                File.WriteAllText(Path.Combine(raw, stem + ".json"), """{"EchoTime": 0.1, "Manufacturer": "None"}""");
                foreach (var suffix in Suffixes)
                    File.WriteAllBytes(Path.Combine(labels, stem + suffix + ".nii.gz"), bytes);
            }
        }
    }
}
