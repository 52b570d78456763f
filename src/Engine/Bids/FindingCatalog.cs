using MedSeg.Engine.Bids.Checks;

namespace MedSeg.Engine.Bids;

/// <summary>One kind of finding: its stable id, how serious it is and what a user should do about it.</summary>
/// <param name="Id">Stable identifier, documented in docs/findings.md.</param>
/// <param name="Severity">How serious it is; an error leaves the file out.</param>
/// <param name="Recommendation">What to do.</param>
public sealed record FindingKind(string Id, FindingSeverity Severity, string Recommendation)
{
    /// <summary>A finding of this kind.</summary>
    internal BidsFinding At(string path, string message) => new(Id, Severity, path, message, Recommendation);
}

/// <summary>
/// Every finding there is: those of the import stand here, those of the checks beside each check (<see cref="Checks.CheckRegistry"/>).
/// docs/findings.md has one section for each, and a test holds the two together.
/// </summary>
public static class FindingCatalog
{
    public static readonly FindingKind DescriptionMissing = new(
        "DescriptionMissing", FindingSeverity.Warning, "Add a dataset_description.json with Name and BIDSVersion.");

    public static readonly FindingKind JsonUnreadable = new(
        "JsonUnreadable", FindingSeverity.Warning, "Repair the file or remove it; its values are not used.");

    public static readonly FindingKind TableUnreadable = new(
        "TableUnreadable", FindingSeverity.Warning, "Save the table as tab-separated UTF-8 text with a header line.");

    public static readonly FindingKind TableRow = new(
        "TableRow", FindingSeverity.Warning, "Give the row as many tab-separated cells as the header; write n/a for unknown values.");

    public static readonly FindingKind TableColumn = new(
        "TableColumn", FindingSeverity.Warning, "Correct the header line of the table.");

    public static readonly FindingKind ParticipantsMissing = new(
        "ParticipantsMissing", FindingSeverity.Information, "Add participants.tsv to split or balance by its columns.");

    public static readonly FindingKind ParticipantId = new(
        "ParticipantId", FindingSeverity.Warning, "Write participant ids as sub-<label>, letters and digits only.");

    public static readonly FindingKind DuplicateParticipant = new(
        "DuplicateParticipant", FindingSeverity.Warning, "Keep one row per participant; the first row is used.");

    public static readonly FindingKind DuplicateRow = new(
        "DuplicateRow", FindingSeverity.Warning, "Keep one row per session, sample or file; the first row is used.");

    public static readonly FindingKind RowWithoutFile = new(
        "RowWithoutFile", FindingSeverity.Warning, "Correct the rows, add what they name, or remove them; they are not used.");

    public static readonly FindingKind ParticipantWithoutImages = new(
        "ParticipantWithoutImages", FindingSeverity.Warning, "Add the participant's images or remove the row.");

    public static readonly FindingKind SubjectNotInParticipants = new(
        "SubjectNotInParticipants", FindingSeverity.Warning, "Add a row for the subject to participants.tsv.");

    public static readonly FindingKind SubjectInSeveralRoots = new(
        "SubjectInSeveralRoots", FindingSeverity.Information,
        "Nothing, if it is one person: both are kept in the same part of the split. Else rename one.");

    public static readonly FindingKind SubjectWithoutImages = new(
        "SubjectWithoutImages", FindingSeverity.Warning, "Add the subject's images or remove the folder.");

    public static readonly FindingKind UnparsableName = new(
        "UnparsableName", FindingSeverity.Warning, "Rename the file to sub-<label>[_<key>-<value>…]_<suffix>; it is left out.");

    public static readonly FindingKind MisplacedImage = new(
        "MisplacedImage", FindingSeverity.Warning, "Move the file to sub-<label>[/ses-<label>]/<datatype>/; it is left out.");

    public static readonly FindingKind SubjectMismatch = new(
        "SubjectMismatch", FindingSeverity.Error, "Rename the file or move it to its subject's folder; it is left out.");

    public static readonly FindingKind SessionMismatch = new(
        "SessionMismatch", FindingSeverity.Warning, "Make the ses- entity of the name and the session folder agree; the folder's is used.");

    public static readonly FindingKind SidecarsDisagree = new(
        "SidecarsDisagree", FindingSeverity.Warning, "Give one of the files all entities of the other, or merge them.");

    public static readonly FindingKind EmptyFile = new(
        "EmptyFile", FindingSeverity.Error, "Copy or download the file again; it is left out.");

    public static readonly FindingKind ImageUnreadable = new(
        "ImageUnreadable", FindingSeverity.Error, "Replace the file by an intact one; it is left out.");

    public static readonly FindingKind PixelSizeMissing = new(
        "PixelSizeMissing", FindingSeverity.Error, "Add PixelSize and PixelSizeUnits to the image's JSON sidecar; it is left out.");

    public static readonly FindingKind HeaderRemark = new(
        "HeaderRemark", FindingSeverity.Warning, "Check the header; the file is used as described.");

    public static readonly FindingKind LabelGridMismatch = new(
        "LabelGridMismatch", FindingSeverity.Error, "Resample the label onto its image's grid; it is left out.");

    public static readonly FindingKind TwinImage = new(
        "TwinImage", FindingSeverity.Warning, "Remove one of the files, or choose with -Extension.");

    public static readonly FindingKind DuplicateLabel = new(
        "DuplicateLabel", FindingSeverity.Warning, "Remove all but one of the files.");

    public static readonly FindingKind MisfiledLabel = new(
        "MisfiledLabel", FindingSeverity.Warning, "Rename the label or move it to its subject's folder; it is left out.");

    public static readonly FindingKind OrphanLabel = new(
        "OrphanLabel", FindingSeverity.Warning, "Name the label <image name><target suffix>; it is left out.");

    public static readonly FindingKind MissingLabel = new(
        "MissingLabel", FindingSeverity.Warning, "Add the label, or expect the image in prediction only.");

    public static readonly FindingKind MissingRoi = new(
        "MissingRoi", FindingSeverity.Warning, "Add the region's label, or expect the image to be left out where the region is needed.");

    public static readonly FindingKind PredictionsIgnored = new(
        "PredictionsIgnored", FindingSeverity.Information,
        "Nothing. To train on predictions, copy the checked ones to derivatives/labels.");

    public static readonly FindingKind ContrastNotFound = new(
        "ContrastNotFound", FindingSeverity.Warning, "Check the spelling; contrasts are matched exactly.");

    public static readonly FindingKind TargetNotFound = new(
        "TargetNotFound", FindingSeverity.Warning, "Check the spelling; target suffixes are matched exactly and start with an underscore.");

    public static readonly FindingKind NestedDataset = new(
        "NestedDataset", FindingSeverity.Information, "Import the folder by its own path if it is wanted.");

    public static readonly FindingKind LinkNotFollowed = new(
        "LinkNotFollowed", FindingSeverity.Warning, "Replace the link by the file or folder itself.");

    public static readonly FindingKind BrokenLink = new(
        "BrokenLink", FindingSeverity.Error, "Fetch the file the link stands for (DataLad: datalad get) or remove the link.");

    public static readonly FindingKind FolderUnreadable = new(
        "FolderUnreadable", FindingSeverity.Error, "Give yourself the right to read the folder; what it holds is left out.");

    public static readonly FindingKind NoImages = new(
        "NoImages", FindingSeverity.Warning, "Check the path and the filters; images are expected at sub-<label>[/ses-<label>]/<datatype>/.");

    /// <summary>What the import reports, in ordinal order of the ids.</summary>
    public static IReadOnlyList<FindingKind> OfImport { get; } =
    [
        .. new[]
        {
            DescriptionMissing, JsonUnreadable, TableUnreadable, TableRow, TableColumn, ParticipantsMissing, ParticipantId,
            DuplicateParticipant, DuplicateRow, RowWithoutFile, ParticipantWithoutImages, SubjectNotInParticipants, SubjectInSeveralRoots, SubjectWithoutImages,
            UnparsableName, MisplacedImage, SubjectMismatch, SessionMismatch, SidecarsDisagree, EmptyFile, ImageUnreadable, PixelSizeMissing, HeaderRemark,
            LabelGridMismatch, TwinImage, DuplicateLabel, MisfiledLabel, OrphanLabel, MissingLabel, MissingRoi, PredictionsIgnored,
            ContrastNotFound, TargetNotFound, NestedDataset, LinkNotFollowed, BrokenLink, FolderUnreadable, NoImages,
        }.OrderBy(k => k.Id, StringComparer.Ordinal),
    ];

    /// <summary>All kinds, in ordinal order of their ids.</summary>
    public static IReadOnlyList<FindingKind> All { get; } = [.. OfImport.Concat(CheckRegistry.Kinds).OrderBy(k => k.Id, StringComparer.Ordinal)];
}
