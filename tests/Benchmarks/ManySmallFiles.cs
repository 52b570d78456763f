using System.Globalization;
using MedSeg.Engine.Imaging;

namespace MedSeg.Benchmarks;

/// <summary>A BIDS dataset of very many very small files: ten for each subject, two images with a sidecar and three labels each.</summary>
public static class ManySmallFiles
{
    public const int FilesPerSubject = 10;

    public static IReadOnlyList<string> Contrasts { get; } = ["T1w", "T2w"];

    public static IReadOnlyList<string> Suffixes { get; } = ["_seg-cord", "_seg-csf", "_lesion-manual"];

    /// <summary>Fills an empty folder.</summary>
    /// <param name="folder">Exists.</param>
    /// <param name="subjects">Ten files each.</param>
    public static void Create(string folder, int subjects)
    {
        var image = ImageBytes(folder);
        File.WriteAllText(Path.Combine(folder, "dataset_description.json"), """{"Name": "Many", "BIDSVersion": "1.9.0"}""");
        File.WriteAllLines(Path.Combine(folder, "participants.tsv"), Enumerable.Range(0, subjects).Select(Id).Prepend("participant_id"));
        for (var i = 0; i < subjects; i++)
        {
            var raw = Directory.CreateDirectory(Path.Combine(folder, Id(i), "anat")).FullName;
            var labels = Directory.CreateDirectory(Path.Combine(folder, "derivatives", "labels", Id(i), "anat")).FullName;
            for (var c = 0; c < Contrasts.Count; c++)
            {
                var stem = $"{Id(i)}_{Contrasts[c]}";
                var number = (Contrasts.Count * i) + c;
                File.WriteAllBytes(Path.Combine(raw, stem + ".nii"), Marked(image, number, 9));
                File.WriteAllText(Path.Combine(raw, stem + ".json"), """{"EchoTime": 0.1, "Manufacturer": "None"}""");
                for (var s = 0; s < Suffixes.Count; s++)
                    File.WriteAllBytes(Path.Combine(labels, stem + Suffixes[s] + ".nii"), Marked(image, (Suffixes.Count * number) + s, 1));
            }
        }
    }

    private static string Id(int subject) => "sub-" + subject.ToString("00000", CultureInfo.InvariantCulture);

    private static byte[] ImageBytes(string folder)
    {
        var path = Path.Combine(folder, "image.nii");
        NiftiFile.Write(path, new Volume(new float[8 * 8 * 4], VolumeGeometry.Axial(8, 8, 4, 1, 1, 3)), NiftiDataType.UInt8);
        var bytes = File.ReadAllBytes(path);
        File.Delete(path);
        return bytes;
    }

    /// <summary>The binary digits of a number in the last voxels, so that no two files are alike.</summary>
    private static byte[] Marked(byte[] image, int number, byte one)
    {
        var marked = (byte[])image.Clone();
        for (var bit = 0; bit < 32; bit++)
            marked[^(1 + bit)] = (byte)((number >> bit & 1) * one);
        marked[^33] = one;
        return marked;
    }
}
