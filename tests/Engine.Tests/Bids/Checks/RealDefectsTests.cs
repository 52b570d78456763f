using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Bids.Checks;

/// <summary>What is wrong with the real datasets beside the checkout, all of it.</summary>
public class RealDefectsTests
{
    /// <summary>Three subjects that are copies of one, and labels of the first filed under the second.</summary>
    [SharedFact]
    public void Spine_mri()
    {
        var findings = Check("spine-mri");
        Assert.Equal(
            [
                "PlaceholderValue participants.tsv",
                "MaskValues derivatives/labels/sub-unf01/anat/sub-unf01_T2w_labels-disc-manual.nii.gz",
                "ZeroSlices sub-unf01/anat/sub-unf01_T2w.nii.gz",
                "LabelOffset derivatives/labels/sub-unf01/anat/sub-unf01_T1w_lesion-manual.nii.gz",
                "LabelOffset derivatives/labels/sub-unf01/anat/sub-unf01_T2star_lesion-manual.nii.gz",
                "LabelOffset derivatives/labels/sub-unf01/anat/sub-unf01_T2w_lesion-manual.nii.gz",
                "MisfiledLabel derivatives/labels/sub-unf02/anat/sub-unf01_T1w_seg-manual.nii.gz",
                "LabelLacking sub-unf02/anat/sub-unf02_T1w.nii.gz",
                "MaskValues derivatives/labels/sub-unf02/anat/sub-unf02_T2w_labels-disc-manual.nii.gz",
                "ZeroSlices sub-unf02/anat/sub-unf02_T2w.nii.gz",
                "LabelOffset derivatives/labels/sub-unf02/anat/sub-unf02_T1w_lesion-manual.nii.gz",
                "LabelOffset derivatives/labels/sub-unf02/anat/sub-unf02_T2star_lesion-manual.nii.gz",
                "LabelOffset derivatives/labels/sub-unf02/anat/sub-unf02_T2w_lesion-manual.nii.gz",
                "MaskValues derivatives/labels/sub-unf03/anat/sub-unf03_T2w_labels-disc-manual.nii.gz",
                "ZeroSlices sub-unf03/anat/sub-unf03_T2w.nii.gz",
                "LabelOffset derivatives/labels/sub-unf03/anat/sub-unf03_T1w_lesion-manual.nii.gz",
                "LabelOffset derivatives/labels/sub-unf03/anat/sub-unf03_T2star_lesion-manual.nii.gz",
                "LabelOffset derivatives/labels/sub-unf03/anat/sub-unf03_T2w_lesion-manual.nii.gz",
                "CopiedLabel derivatives/labels/sub-unf01/anat/sub-unf01_T1w_lesion-manual.nii.gz",
                "CopiedLabel derivatives/labels/sub-unf01/anat/sub-unf01_T1w_seg-manual.nii.gz",
                "CopiedLabel derivatives/labels/sub-unf01/anat/sub-unf01_T2star_lesion-manual.nii.gz",
                "CopiedLabel derivatives/labels/sub-unf01/anat/sub-unf01_T2w_labels-disc-manual.nii.gz",
                "CopiedLabel derivatives/labels/sub-unf01/anat/sub-unf01_T2w_lesion-manual.nii.gz",
                "DuplicateImage sub-unf01/anat/sub-unf01_T1w.nii.gz",
                "DuplicateImage sub-unf01/anat/sub-unf01_T2star.nii.gz",
                "DuplicateImage sub-unf01/anat/sub-unf01_T2w.nii.gz",
            ],
            Lines(findings, "spine-mri"));
        Assert.Contains(findings, f => f.Message.Contains("0 (295535×), 3 (1×)", StringComparison.Ordinal));
        Assert.Contains(findings, f => f.Message.Contains("0, 0.38, 0.47 voxels beside its image", StringComparison.Ordinal));
        var copies = findings.FindAll(f => f.Id is "DuplicateImage" or "CopiedLabel");
        Assert.All(copies, f => Assert.Contains("3 subjects share one", f.Message, StringComparison.Ordinal));
        Assert.Contains(copies, f => f.Message.Contains("sub-unf02/anat/sub-unf01_T1w_seg-manual", StringComparison.Ordinal));
        Assert.Contains("date_of_scan has 'unknwon' in 3 of 3 rows", findings[0].Message, StringComparison.Ordinal);
    }

    /// <summary>A stray colour image, overview scans of 8 to 37 mm voxels, LAS beside RAS, labels of one subject only, empty masks.</summary>
    [SharedFact]
    public void Loader_cases()
    {
        var findings = Check("loader-cases");
        Assert.Equal(
            [
                "LabelRare .", "LabelRare .", "LabelRare .", "LabelRare .", "LabelRare .", "LabelRare .",
                "NestedDataset data_test_png_tif",
                "NestedDataset microscopy_png",
                "PlaceholderValue participants.tsv",
                "MisplacedImage rgb_test_file.nii.gz",
                "ColourImage rgb_test_file.nii.gz",
                "ZeroSlices rgb_test_file.nii.gz",
                "LabelLacking sub-unf01/anat/sub-unf01_T1w.nii.gz",
                "MaskValues derivatives/labels/sub-unf01/anat/sub-unf01_T2w_labels-disc-manual.nii.gz",
                "ZeroSlices sub-unf01/anat/sub-unf01_T2w.nii.gz",
                "LabelOffset derivatives/labels/sub-unf01/anat/sub-unf01_T1w_lesion-manual.nii.gz",
                "LabelOffset derivatives/labels/sub-unf01/anat/sub-unf01_T2star_lesion-manual.nii.gz",
                "LabelOffset derivatives/labels/sub-unf01/anat/sub-unf01_T2w_lesion-manual.nii.gz",
                "EmptyMask derivatives/labels/sub-unf02/anat/sub-unf02_T1w_labels-disc-manual.nii.gz",
                "EmptyMask derivatives/labels/sub-unf02/anat/sub-unf02_T2w_labels-disc-manual.nii.gz",
                "VoxelSizeExtreme sub-unf02/anat/sub-unf02_T1w.nii.gz",
                "VoxelSizeExtreme sub-unf02/anat/sub-unf02_T2star.nii.gz",
                "VoxelSizeExtreme sub-unf02/anat/sub-unf02_T2w.nii.gz",
                "ContrastGrids sub-unf02/anat/sub-unf02_T1w.nii.gz",
                "EmptyMask derivatives/labels/sub-unf03/anat/sub-unf03_T1w_labels-disc-manual.nii.gz",
                "EmptyMask derivatives/labels/sub-unf03/anat/sub-unf03_T2w_labels-disc-manual.nii.gz",
                "VoxelSizeExtreme sub-unf03/anat/sub-unf03_T1w.nii.gz",
                "VoxelSizeExtreme sub-unf03/anat/sub-unf03_T2star.nii.gz",
                "VoxelSizeExtreme sub-unf03/anat/sub-unf03_T2w.nii.gz",
                "ContrastGrids sub-unf03/anat/sub-unf03_T1w.nii.gz",
                "HandednessMix .", "OrientationMix .", "VoxelSizeSpread .", "VoxelSizeSpread .", "VoxelSizeSpread .",
            ],
            Lines(findings, "loader-cases"));
        Assert.Contains(
            "2 as LAS, namely sub-unf02/anat/sub-unf02_T2star.nii.gz, sub-unf03/anat/sub-unf03_T2star.nii.gz",
            findings.Single(f => f.Id == "HandednessMix").Message,
            StringComparison.Ordinal);
        Assert.Contains(findings, f => f.Message.Contains("4.9778 × 4.9778 × 37.5 mm", StringComparison.Ordinal));
        Assert.Contains("Only 1 of 3 T1w images has a label _lesion-manual", findings[0].Message, StringComparison.Ordinal);
    }

    /// <summary>One picture in many formats, two of them under misspelt sample names.</summary>
    [SharedFact]
    public void Pictures_of_every_format()
    {
        const string Folder = "loader-cases/data_test_png_tif";
        var findings = Check(Folder);
        Assert.Equal(
            [
                "NoLabels .",
                "SampleNotInTable sub-png/micr/sub-png_sample-8grayalhpa_SEM.png",
                "SampleNotInTable sub-png/micr/sub-png_sample-8grayalpha_SEM.png",
                "HeaderRemark sub-tif/micr/sub-tif_sample-16gray_SEM.tif",
                "HeaderRemark sub-tif/micr/sub-tif_sample-16rgb_SEM.tif",
                "HeaderRemark sub-tif/micr/sub-tif_sample-16rgba_SEM.tif",
                "HeaderRemark sub-tif/micr/sub-tif_sample-8gray_SEM.tif",
                "HeaderRemark sub-tif/micr/sub-tif_sample-8rgb_SEM.tif",
                "HeaderRemark sub-tif/micr/sub-tif_sample-8rgba_SEM.tif",
                "DuplicateImage sub-png/micr/sub-png_sample-16gray_SEM.png",
                "RepeatedImage sub-png/micr/sub-png_sample-8gray_SEM.png",
            ],
            Lines(findings, Folder));
    }

    /// <summary>Two runs that are one picture.</summary>
    [SharedFact]
    public void Microscopy_with_sessions()
    {
        const string Folder = "loader-cases/microscopy_png";
        Assert.Equal(
            [
                "SoftMask derivatives/labels/sub-rat2/micr/sub-rat2_sample-data5_SEM_seg-axon-manual.png",
                "SoftMask derivatives/labels/sub-rat2/micr/sub-rat2_sample-data5_SEM_seg-myelin-manual.png",
                "SoftMask derivatives/labels/sub-rat3/ses-02/micr/sub-rat3_ses-02_sample-data10_SEM_seg-axon-manual.png",
                "SoftMask derivatives/labels/sub-rat3/ses-02/micr/sub-rat3_ses-02_sample-data10_SEM_seg-myelin-manual.png",
                "VoxelSizeSpread .",
                "RepeatedImage sub-rat3/ses-02/micr/sub-rat3_ses-02_sample-data11_run-1_SEM.png",
            ],
            Lines(Check(Folder), Folder));
    }

    /// <summary>Masks of two classes in one picture: axons white, myelin gray.</summary>
    [SharedFact]
    public void Sem_axons()
    {
        var findings = Check("sem-axons");
        Assert.Equal(
            [
                "MaskValues derivatives/labels/sub-rat1/micr/sub-rat1_sample-data1_SEM_seg-axonmyelin-manual.png",
                "SoftMask derivatives/labels/sub-rat2/micr/sub-rat2_sample-data5_SEM_seg-axon-manual.png",
                "MaskValues derivatives/labels/sub-rat2/micr/sub-rat2_sample-data5_SEM_seg-axonmyelin-manual.png",
                "SoftMask derivatives/labels/sub-rat2/micr/sub-rat2_sample-data5_SEM_seg-myelin-manual.png",
                "MaskValues derivatives/labels/sub-rat3/micr/sub-rat3_sample-data10_SEM_seg-axonmyelin-manual.png",
                "MaskValues derivatives/labels/sub-rat3/micr/sub-rat3_sample-data11_SEM_seg-axonmyelin-manual.png",
                "MaskValues derivatives/labels/sub-rat3/micr/sub-rat3_sample-data9_SEM_seg-axonmyelin-manual.png",
                "MaskValues derivatives/labels/sub-rat4/micr/sub-rat4_sample-data12_SEM_seg-axonmyelin-manual.png",
                "MaskValues derivatives/labels/sub-rat5/micr/sub-rat5_sample-data14_SEM_seg-axonmyelin-manual.png",
            ],
            Lines(findings, "sem-axons"));
    }

    /// <summary>Two datasets that hold the same pictures under other names.</summary>
    [SharedFact]
    public void Pictures_that_two_datasets_share()
    {
        var findings = PhantomTree.Check([Root("sem-axons"), Root("loader-cases/microscopy_png")], deep: true);
        Assert.Equal(["sub-rat2", "sub-rat3"], findings.Where(f => f.Id == "SubjectInSeveralRoots").Select(f => f.Message.Split(' ')[0]));
        Assert.Equal(
            ["sub-rat3_sample-data10_SEM.png", "sub-rat3_sample-data11_SEM.png", "sub-rat3_sample-data9_SEM.png"],
            findings.Where(f => f.Id == "RepeatedImage").Select(f => Path.GetFileName(f.Path)));
    }

    [SharedFact]
    public void Labels_and_sidecars_without_images()
    {
        var kinds = Check("spine-generic-labels").GroupBy(f => f.Id).OrderBy(g => g.Key, StringComparer.Ordinal);
        Assert.Equal(
            ["NoImages 1", "OrphanLabel 39", "OrphanSidecar 29", "PlaceholderValue 1", "SubjectWithoutImages 10"],
            kinds.Select(g => $"{g.Key} {g.Count()}"));
    }

    private static string Root(string folder) => SharedFolder.File(["data", .. folder.Split('/')]);

    private static List<BidsFinding> Check(string folder) => PhantomTree.Check([Root(folder)], deep: true);

    private static IEnumerable<string> Lines(IEnumerable<BidsFinding> findings, string folder) =>
        findings.Select(f => $"{f.Id} {Path.GetRelativePath(Root(folder), f.Path).Replace(Path.DirectorySeparatorChar, '/')}");
}
