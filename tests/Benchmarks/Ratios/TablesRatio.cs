using MedSeg.Engine.Bids;
using MedSeg.Engine.Imaging;

namespace MedSeg.Benchmarks.Ratios;

/// <summary>
/// Time per image of indexing 8,000 images of one subject against 1,000, where each has a sidecar and a row in samples.tsv and scans.tsv: joining
/// must not grow with the number of rows. The headers cost the same in both.
/// </summary>
public sealed class TablesRatio : IRatioBenchmark
{
    private const int Few = 1000;
    private const int Many = 8000;
    private const int Rounds = 3;

    public string Name => "tables";

    public RatioResult Run()
    {
        var folders = new[] { Few, Many }.Select(count => (Count: count, Folder: SampleVolume.TemporaryFolder())).ToArray();
        try
        {
            foreach (var (count, folder) in folders)
                Create(folder, count);
            var times = Interleaved.Medians(Rounds, () => Scan(folders[0].Folder, Few), () => Scan(folders[1].Folder, Many));
            return new(Name, times[1] / Many / (times[0] / Few), 1.5, new Dictionary<string, double>
            {
                ["few_ms"] = times[0], ["many_ms"] = times[1], ["images_per_second"] = Many / times[1] * 1000, ["rounds"] = Rounds,
            }, "medians; time per image, 8,000 images with tables / 1,000");
        }
        finally
        {
            foreach (var (_, folder) in folders)
                Directory.Delete(folder, recursive: true);
        }
    }

    private static void Scan(string folder, int count)
    {
        var images = BidsScanner.Scan(new DatasetRequest([folder], [], [], []), SilentObserver.Instance, CancellationToken.None).Images;
        if (images.Count != count || images.Any(i => i.Columns["x"] != "scan" || i.Columns["samples.x"] != "sample" || !i.Metadata.ContainsKey("EchoTime")))
            throw new InvalidOperationException("The tables were not joined.");
    }

    private static void Create(string folder, int count)
    {
        var anat = Directory.CreateDirectory(Path.Combine(folder, "sub-1", "anat")).FullName;
        var image = Path.Combine(folder, "image.nii.gz");
        NiftiFile.Write(image, new Volume(new float[8], VolumeGeometry.Axial(2, 2, 2, 1, 1, 1)), NiftiDataType.UInt8);
        var bytes = File.ReadAllBytes(image);
        File.Delete(image);
        var names = Enumerable.Range(0, count).Select(i => $"sub-1_sample-{i}_T2w").ToArray();
        foreach (var name in names)
        {
            File.WriteAllBytes(Path.Combine(anat, name + ".nii.gz"), bytes);
            File.WriteAllText(Path.Combine(anat, name + ".json"), """{"EchoTime": 0.1}""");
        }

        File.WriteAllLines(Path.Combine(folder, "participants.tsv"), ["participant_id\tage", "sub-1\t30"]);
        File.WriteAllLines(
            Path.Combine(folder, "samples.tsv"), Enumerable.Range(0, count).Select(i => $"sample-{i}\tsub-1\tsample").Prepend("sample_id\tparticipant_id\tx"));
        File.WriteAllLines(Path.Combine(folder, "sub-1", "sub-1_scans.tsv"), names.Select(n => $"anat/{n}.nii.gz\tscan").Prepend("filename\tx"));
    }
}
