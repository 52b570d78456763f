using MedSeg.Engine.Tests.Imaging;

namespace MedSeg.Engine.Tests.BadInput;

/// <summary>Folders as people and programs leave them: one fault each in a dataset without others.</summary>
internal static class BadTrees
{
    public static IEnumerable<BadCase> Cases =>
    [
        Case("copy made by a file manager", "sub-01/anat/sub-01_T1w (1).nii.gz", "UnparsableName", "sub-01_T1w (1)"),
        Case("name of a copy in words", "sub-01/anat/sub-01_T1w - Kopie.nii.gz", "UnparsableName", "Kopie"),
        Case("name without a suffix", "sub-01/anat/sub-01.nii.gz", "UnparsableName", "sub-01.nii.gz"),
        Case("name without a subject", "sub-01/anat/T2w.nii.gz", "UnparsableName", "T2w.nii.gz"),
        Case("entity twice", "sub-01/anat/sub-01_run-1_run-2_T2w.nii.gz", "UnparsableName", "run"),
        Case("entity without a value", "sub-01/anat/sub-01_acq-_T2w.nii.gz", "UnparsableName", "acq"),
        Case("image in the subject's folder", "sub-01/sub-01_T2w.nii.gz", "MisplacedImage", "sub-01_T2w"),
        Case("image in the root", "sub-01_T2w.nii.gz", "MisplacedImage", "sub-01_T2w"),
        Case("image one folder too deep", "sub-01/ses-a/anat/old/sub-01_ses-a_T2w.nii.gz", "MisplacedImage", "sub-01_ses-a_T2w"),
        Case("image of another subject", "sub-01/anat/sub-02_T1w.nii.gz", "SubjectMismatch", "sub-02"),
        Case("image of another session", "sub-01/ses-b/anat/sub-01_ses-a_T2w.nii.gz", "SessionMismatch", "ses-a"),
        Case("subject who is not in the table", "sub-77/anat/sub-77_T1w.nii.gz", "SubjectNotInParticipants", "sub-77", file: "sub-77"),
        Case("label of an image that is not there", "derivatives/labels/sub-01/anat/sub-01_T2w_seg-manual.nii.gz", "OrphanLabel", "sub-01_T2w_seg-manual"),
        Case("label with a name cut short", "derivatives/labels/sub-01/anat/sub-01_seg-manual.nii.gz", "OrphanLabel", "sub-01_seg-manual"),
        Case("label under another subject", "derivatives/labels/sub-02/anat/sub-01_T1w_seg-other.nii.gz", "MisfiledLabel", "sub-02"),
        Case("label in no subject's folder", "derivatives/labels/sub-01_T1w_seg-other.nii.gz", "MisfiledLabel", "sub-01"),
        Case("image beside its copy of another format", "sub-01/anat/sub-01_T1w.nii", "TwinImage", "sub-01_T1w.nii"),
        Content("image of zero bytes", "sub-01/anat/sub-01_T2w.nii.gz", [], "EmptyFile", "0 bytes"),
        Content("label of zero bytes", "derivatives/labels/sub-01/anat/sub-01_T1w_seg-manual.nii.gz", [], "EmptyFile", "label"),
        Content("image that is DICOM", "sub-01/anat/sub-01_T2w.nii", [.. new byte[128], .. "DICM"u8, .. new byte[400]], "ImageUnreadable", "NiftiHeaderSize"),
        Content("image that is a pointer", "sub-01/anat/sub-01_T2w.nii.gz", "version https://git-lfs.github.com/spec/v1\n"u8.ToArray(), "ImageUnreadable", "NiftiNotAnImage"),
        Content("image half copied", "sub-01/anat/sub-01_T2w.nii.gz", new NiftiBuilder().Gzip()[..30], "ImageUnreadable", "NiftiTruncated"),
        Content("label that is a web page", "derivatives/labels/sub-01/anat/sub-01_T1w_seg-manual.nii.gz", "<html></html>"u8.ToArray(), "ImageUnreadable", "NiftiNotAnImage"),
        Content("image that is compressed without saying so", "sub-01/anat/sub-01_T2w.nii", new NiftiBuilder().Gzip(), "HeaderRemark", "file name"),
        Content("label of another grid", "derivatives/labels/sub-01/anat/sub-01_T1w_seg-manual.nii.gz", new NiftiBuilder { Dim = [3, 7, 2, 2, 1, 1, 1, 1] }.Gzip(), "LabelGridMismatch", "voxels"),
        Content("description in UTF-16", "dataset_description.json", System.Text.Encoding.Unicode.GetBytes("{\"Name\": \"x\"}"), "JsonUnreadable", "dataset_description.json"),
        Content("description that is a list", "dataset_description.json", "[]"u8.ToArray(), "JsonUnreadable", "Array"),
        Content("sidecar with a number that is none", "sub-01/anat/sub-01_T1w.json", "{\"EchoTime\": NaN}"u8.ToArray(), "JsonUnreadable", "line 1"),
        Content("sidecar saved in Latin-1", "sub-01/anat/sub-01_T1w.json", [.. "{\"Name\": \"J"u8, 0xF6, .. "rg\"}"u8], "JsonUnreadable", "sub-01_T1w.json"),
        Content("dataset in the dataset", "backup/dataset_description.json", "{}"u8.ToArray(), "NestedDataset", "backup", file: "backup"),
    ];

    private static BadCase Case(string name, string path, string id, string says, string? file = null) =>
        new(name, file ?? path, f => f.Dataset().Image(path), f => f.Import(), id, says);

    private static BadCase Content(string name, string path, byte[] bytes, string id, string says, string? file = null) =>
        new(name, file ?? path, f => f.Dataset().Bytes(path, bytes), f => f.Import(), id, says);
}
