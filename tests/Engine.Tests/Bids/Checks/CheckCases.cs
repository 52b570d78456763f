using System.Buffers.Binary;
using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Tests.Bids.Checks;

/// <summary>For each kind of finding, the change of a clean dataset that brings it about.</summary>
internal static class CheckCases
{
    private const string Image = PhantomTree.Image;
    private const string Label = PhantomTree.Label;
    private const string OtherImage = "sub-02/anat/sub-02_T1w.nii.gz";
    private const string OtherLabel = "derivatives/labels/sub-02/anat/sub-02_T1w_seg-cord.nii.gz";

    /// <param name="Change">What is done to the dataset.</param>
    /// <param name="Deep">Needs the voxels.</param>
    /// <param name="Also">Other warnings and errors that the same change must bring about.</param>
    public sealed record Case(Action<PhantomTree> Change, bool Deep = false, params string[] Also);

    public static IReadOnlyDictionary<string, Case> All { get; } = new Dictionary<string, Case>
    {
        // Names
        ["NameCase"] = new(t => t.Text("Sub-04/anat/readme", "x")),
        ["NameCharacters"] = new(t => t.Text("sub-01/anat/read me", "x")),
        ["CaseCollision"] = new(t => t.Text("sub-01/anat/notes.txt", "x").Text("sub-01/anat/Notes.txt", "x")),
        ["EntityOrder"] = new(t => Rename(t, "sub-01_T1w", "sub-01_run-1_acq-sag_T1w")),
        ["UnknownEntity"] = new(t => Rename(t, "sub-01_T1w", "sub-01_scanner-7T_T1w")),
        ["UnknownSuffix"] = new(t => Rename(t, "sub-01_T1w", "sub-01_T1")),
        ["UnknownDataType"] = new(t => t
            .Move(Image, "sub-01/mri/sub-01_T1w.nii.gz").Move("sub-01/anat/sub-01_T1w.json", "sub-01/mri/sub-01_T1w.json")),

        ["UnreadFormat"] = new(t => t.Text("sub-01/anat/1.dcm", "x").Text("sub-01/anat/2.dcm", "x")),

        // Texts
        ["OrphanSidecar"] = new(t => t.Text("sub-01/anat/sub-01_T2star.json", "{}")),
        ["MissingSidecar"] = new(t => t.Delete("sub-01/anat/sub-01_T1w.json")),
        ["DuplicateKey"] = new(t => t.Text("sub-01/anat/sub-01_T1w.json", "{\"EchoTime\": 1,\n\"EchoTime\": 2}")),
        ["PlaceholderValue"] = new(t => t.Text("participants.tsv", "participant_id\tage\nsub-01\t-\nsub-02\t30\nsub-03\tunknown\n")),
        ["PersonalData"] = new(t => t.Text("sub-01/anat/sub-01_T1w.json", """{"PatientName": "Doe^Jane"}""")),
        ["SampleNotInTable"] = new(
            t => Rename(t.Text("samples.tsv", "sample_id\tparticipant_id\nsample-b\tsub-01\n"), "sub-01_T1w", "sub-01_sample-a_T1w"),
            false,
            "RowWithoutFile"),

        // Labels by name
        ["LabelLacking"] = new(t => t.Delete(Label)),
        ["LabelRare"] = new(t => t.Delete(Label).Delete(OtherLabel)),
        ["LabelAmongImages"] = new(t => t.Copy(Label, "sub-01/anat/sub-01_T1w_seg-cord.nii.gz"), false, "UnparsableName"),
        ["NoLabels"] = new(t => Each(t, "T1w_seg", t.Delete)),

        // Files and headers
        ["MislabelledFile"] = new(t => t.Bytes(Image, t.Uncompressed(Image)), false, "HeaderRemark"),
        ["GzipLength"] = new(t => t.Bytes(Image, t.Read(Image)[..^40])),
        ["FormsMirrored"] = new(t => t.Content(Image, WithQform(-1, 0))),
        ["FormsDiffer"] = new(t => t.Content(Image, WithQform(1, 8))),
        ["FourDimensional"] = new(t => t.Write(Image, Twice(t.Volume(Image)))),
        ["ColourImage"] = new(t => t.Content(Image, Coloured)),
        ["VoxelSizeExtreme"] = new(t => Regrid(t, g => g with { Affine = [20, 0, 0, 0, 0, 20, 0, 0, 0, 0, 20, 0, 0, 0, 0, 1] })),
        ["LabelMirrored"] = new(t => t.Grid(Label, FlipX), false, "LabelGridMismatch", "LabelLacking"),
        ["LabelStoredOtherwise"] = new(t => t.Write(Label, StoredLas(t.Volume(Label)))),
        ["LabelOffset"] = new(t => t.Grid(Label, g => Shifted(g, 0.2))),
        ["ContrastGrids"] = new(t => Regrid(t, g => Shifted(g, 2))),
        ["HandednessMix"] = new(t => Each(t, "sub-01_T1w*.nii.gz", path => t.Write(path, StoredLas(t.Volume(path))))),
        ["OrientationMix"] = new(t => Each(t, "sub-01_T1w*.nii.gz", path => t.Write(path, StoredLps(t.Volume(path))))),
        ["VoxelSizeSpread"] = new(t => Regrid(t, g => g with { Affine = [3, 0, 0, 0, 0, 1, 0, 0, 0, 0, 3, 0, 0, 0, 0, 1] })),

        // Voxels
        ["VoxelsUnreadable"] = new(t => t.Bytes(Image, Damaged(t.Read(Image))), true),
        ["NotFinite"] = new(t => Change(t, Image, v => v[5] = float.NaN), true),
        ["ConstantImage"] = new(t => t.Voxels(Image, _ => 7), true),
        ["ZeroSlices"] = new(t => Change(t, Image, v => Array.Clear(v, 0, 20 * 24)), true),
        ["EmptyMask"] = new(t => t.Voxels(Label, _ => 0), true),
        ["FullMask"] = new(t => t.Voxels(Label, v => 1 - v), true),
        ["MaskNotInteger"] = new(t => t.Voxels(Label, v => (1.2f * v) - 0.1f), true, "FullMask"),
        ["SoftMask"] = new(t => t.Voxels(Label, v => v / 2), true),
        ["MaskValues"] = new(t => t.Voxels(Label, v => v * 3), true),
        ["DarkMask"] = new(t => Picture(t, 0, 1), true),
        ["LabelEqualsImage"] = new(t => t.Copy(Image, Label), true, "FullMask", "MaskValues"),
        ["LabelsEqual"] = new(t => t.Copy(Label, Label.Replace("cord", "csf", StringComparison.Ordinal)), true),
        ["DuplicateImage"] = new(t => t.Write(OtherImage, StoredLas(t.Volume(Image))), true, "HandednessMix"),
        ["RepeatedImage"] = new(t => t.Copy(Image, "sub-01/anat/sub-01_T2w.nii.gz"), true),
        ["MirroredCopy"] = new(t => Mirror(t, OtherImage, Image), true),
        ["CopiedLabel"] = new(t => t.Copy(Label, OtherLabel), true),
    };

    private static void Rename(PhantomTree tree, string from, string to) =>
        Each(tree, from, path => tree.Move(path, path.Replace(from, to, StringComparison.Ordinal)));

    private static void Each(PhantomTree tree, string part, Func<string, PhantomTree> change)
    {
        foreach (var path in Directory.EnumerateFiles(tree.Root, $"*{part}*", SearchOption.AllDirectories).ToList())
            change(Path.GetRelativePath(tree.Root, path).Replace(Path.DirectorySeparatorChar, '/'));
    }

    /// <summary>Another grid for the T1w image of the first subject and its labels.</summary>
    private static void Regrid(PhantomTree tree, Func<VolumeGeometry, VolumeGeometry> change) =>
        Each(tree, "sub-01_T1w*.nii.gz", path => tree.Grid(path, change));

    private static void Change(PhantomTree tree, string path, Action<float[]> change)
    {
        var volume = tree.Volume(path);
        change(volume.Voxels);
        tree.Write(path, volume);
    }

    private static VolumeGeometry Shifted(VolumeGeometry grid, double millimetres)
    {
        var affine = (double[])grid.Affine.Clone();
        affine[3] += millimetres;
        return grid with { Affine = affine };
    }

    private static VolumeGeometry FlipX(VolumeGeometry grid)
    {
        var affine = (double[])grid.Affine.Clone();
        affine[0] = -affine[0];
        return grid with { Affine = affine };
    }

    /// <summary>The same voxels at the same places, stored from right to left.</summary>
    private static Volume StoredLas(Volume ras) => Turned(ras, new AxisMap(0, 1, 2, true, false, false));

    private static Volume StoredLps(Volume ras) => Turned(ras, new AxisMap(0, 1, 2, true, true, false));

    private static Volume Turned(Volume volume, AxisMap map) => Orientation.Apply(volume, map);

    /// <summary>The voxels of one image from left to right, under the same affine.</summary>
    private static void Mirror(PhantomTree tree, string from, string to)
    {
        var volume = tree.Volume(from);
        tree.Write(to, new Volume(StoredLas(volume).Voxels, volume.Geometry));
    }

    private static Volume Twice(Volume volume) => new([.. volume.Voxels, .. volume.Voxels], volume.Geometry, 2);

    /// <summary>Sets the qform to the sform with its x axis times a sign and moved along it, in mm.</summary>
    private static Func<byte[], byte[]> WithQform(int sign, float move) => bytes =>
    {
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(252), 1);
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(76), 1);

        // A half turn about y, (0, 1, 0), negates x and z; qfac −1 negates z again, which leaves x mirrored.
        float[] rotation = sign > 0 ? [0, 0, 0] : [0, 1, 0];
        if (sign < 0)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(76), -1);
        for (var i = 0; i < 3; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(256 + (4 * i)), rotation[i]);
            var origin = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(292 + (16 * i)));
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(268 + (4 * i)), origin + (i == 0 ? move : 0));
        }

        return bytes;
    };

    /// <summary>The int16 image as rgb24 of as many voxels.</summary>
    private static byte[] Coloured(byte[] bytes)
    {
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(70), 128);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(72), 24);
        return [.. bytes, .. new byte[(bytes.Length - 352) / 2]];
    }

    /// <summary>One bit of the checksum.</summary>
    private static byte[] Damaged(byte[] gzip)
    {
        gzip[^8] ^= 1;
        return gzip;
    }

    /// <summary>A microscopy image with a mask of two gray values.</summary>
    private static void Picture(PhantomTree tree, byte background, byte mark)
    {
        tree.Text("sub-01/micr/sub-01_SEM.json", """{"PixelSize": [1, 1], "PixelSizeUnits": "um"}""");
        Directory.CreateDirectory(tree.PathOf("derivatives/labels/sub-01/micr"));
        PngFile.WriteGray(tree.PathOf("sub-01/micr/sub-01_SEM.png"), [10, 20, 30, 40], 2, 2);
        var label = tree.PathOf("derivatives/labels/sub-01/micr/sub-01_SEM_seg-axon.png");
        PngFile.WriteGray(label, [background, mark, background, background], 2, 2);
    }
}
