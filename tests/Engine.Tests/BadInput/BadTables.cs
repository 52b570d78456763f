using System.Text;

namespace MedSeg.Engine.Tests.BadInput;

/// <summary>Tables as spreadsheets, editors and transfers leave them.</summary>
internal static class BadTables
{
    private const string Participants = "participants.tsv";

    public static IEnumerable<BadCase> Cases =>
    [
        Case("table with semicolons", "participant_id;age\nsub-01;30\n", "TableColumn", "'participant_id'"),
        Case("table with spaces for tabs", "participant_id age\nsub-01 30\n", "TableColumn", "'participant_id'"),
        Case("table with quoted names", "\"participant_id\"\t\"age\"\nsub-01\t30\n", "TableColumn", "'participant_id'"),
        Case("table with the first column in capitals", "Participant_ID\tage\nsub-01\t30\n", "TableColumn", "'participant_id'"),
        Case("table with a title above the header", "Study 7\nparticipant_id\tage\nsub-01\t30\n", "TableColumn", "'participant_id'"),
        Case("table that is a web page", "<html>\n<body>Sign in</body>\n</html>\n", "TableColumn", "'participant_id'"),
        Case("table without a header", "sub-01\t30\nsub-02\t31\n", "TableColumn", "'participant_id'"),
        Case("table of zero bytes", "", "TableUnreadable", "empty"),
        Case("table padded with NUL", "participant_id\tage\nsub-01\t30\n" + new string('\0', 100), "TableUnreadable", "NUL"),
        Case("table that is a workbook", "PK\u0003\u0004\u0014\0\u0006\0", "TableUnreadable", "NUL"),
        new("table in UTF-16 without a mark", Participants, f => f.Dataset().Bytes(Participants, Encoding.Unicode.GetBytes("participant_id\tage\nsub-01\t30\n")), f => f.Import(), "TableUnreadable", "NUL"),
        Case("row with too few cells", "participant_id\tage\tsex\nsub-01\t30\n", "TableRow", "line 2"),
        Case("row with too many cells", "participant_id\tage\nsub-01\t30\tF\tleft\n", "TableRow", "line 2"),
        Case("column twice", "participant_id\tage\tage\nsub-01\t30\t31\n", "TableColumn", "'age'"),
        Case("column without a name", "participant_id\t\nsub-01\t30\n", "TableColumn", "line 1"),
        Case("id without its prefix", "participant_id\n01\n", "ParticipantId", "'01'"),
        Case("id that is empty", "participant_id\tage\n\t30\n", "ParticipantId", "line 2"),
        Case("id with a space", "participant_id\nsub-01 b\n", "ParticipantId", "'sub-01 b'"),
        Case("id with an underscore", "participant_id\nsub-01_b\n", "ParticipantId", "'sub-01_b'"),
        Case("id that climbs out of the folder", "participant_id\n../sub-01\n", "ParticipantId", "'../sub-01'"),
        Case("id with a hidden space", "participant_id\nsub-01\u200B\n", "ParticipantId", "line 2"),
        Case("id with an umlaut", "participant_id\nsub-Jörg\n", "ParticipantId", "'sub-Jörg'"),
        Case("id in capitals", "participant_id\nSUB-01\n", "ParticipantId", "'SUB-01'"),
        Case("participant twice", "participant_id\nsub-01\nsub-01\n", "DuplicateParticipant", "'sub-01'"),
        Case("participant who has no folder", "participant_id\nsub-01\nsub-99\n", "ParticipantWithoutImages", "sub-99"),
        Other("samples without their column", "samples.tsv", "sample\tparticipant_id\nsample-a\tsub-01\n", "TableColumn", "'sample_id'"),
        Other("sessions without their column", "sub-01/sub-01_sessions.tsv", "session\tage\nses-a\t30\n", "TableColumn", "'session_id'"),
        Other("scans with a path of Windows", "sub-01/sub-01_scans.tsv", "filename\nanat\\sub-01_T2w.nii.gz\n", "RowWithoutFile", "sub-01_T2w"),
        Other("scans that climb out of the folder", "sub-01/sub-01_scans.tsv", "filename\n../../etc/passwd\n", "RowWithoutFile", "passwd"),
        new("folder in place of a table", Participants, f => { f.Dataset(); File.Delete(f.PathOf(Participants)); f.Folder(Participants); }, f => f.Import(), "ParticipantsMissing", "participants.tsv"),
    ];

    private static BadCase Case(string name, string text, string id, string says) => Other(name, Participants, text, id, says);

    private static BadCase Other(string name, string file, string text, string id, string says) =>
        new(name, file, f => f.Dataset().Text(file, text), f => f.Import(), id, says);
}
