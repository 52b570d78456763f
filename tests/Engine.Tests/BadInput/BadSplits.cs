using System.Text;
using MedSeg.Engine.Data;

namespace MedSeg.Engine.Tests.BadInput;

/// <summary>Files of <c>fname_split</c>.</summary>
internal static class BadSplits
{
    public static IEnumerable<BadCase> Cases =>
    [
        Case("split that is a web page", "<html></html>", "SplitFileInvalid", "line 1"),
        Case("split cut short", """{"training": ["sub-01",""", "SplitFileInvalid", "line 1"),
        Case("split that is a list", """["sub-01"]""", "SplitFileInvalid", "line 1"),
        Case("split with text in place of a list", """{"training": "sub-01"}""", "SplitFileInvalid", "line 1"),
        Case("split with lists in its lists", """{"training": [["sub-01"]]}""", "SplitFileInvalid", "line 1"),
        Case("split with numbers", "{\n\"training\": [1, 2]}", "SplitFileInvalid", "line 2"),
        Case("split with a seed in words", """{"seed": "six", "training": ["sub-01"]}""", "SplitFileInvalid", "seed"),
        Case("split with a seed beyond any", """{"seed": 1e30, "training": ["sub-01"]}""", "SplitFileInvalid", "seed"),
        Case("split with a name in two lists", """{"training": ["sub-01"], "test": ["sub-01"]}""", "SplitFileInvalid", "'sub-01'"),
        Case("split with files of one participant in two lists", """{"train": ["sub-01_T1w.nii.gz"], "valid": ["sub-01_T2w.nii.gz"]}""", "SplitFileInvalid", "'sub-01'"),
        Case("split with an empty name", """{"training": ["sub-01", " "]}""", "SplitFileInvalid", "empty"),
        Case("split without names", """{"training": [], "validation": [], "test": []}""", "SplitFileInvalid", "empty"),
        Case("split without a training list", """{"validation": ["sub-01"]}""", "SplitFileInvalid", "training"),
        Case("split with a method of spaces", """{"method": "  ", "training": ["sub-01"]}""", "SplitFileInvalid", "method"),
        Bytes("split of zeros", new byte[64], "SplitFileInvalid", "line 1"),
        Bytes("split in UTF-16 without a mark", Encoding.Unicode.GetBytes("{\"training\": [\"sub-01\"]}"), "SplitFileInvalid", "line 1"),
        Bytes("split that is a joblib file", [0x80, 3, .. "}q\0X\u0005"u8], "SplitFileIsPickle", "pickle"),
        Bytes("split that is a compressed joblib file", [0x1F, 0x8B, 8, 0], "SplitFileIsPickle", "pickle"),
        new("folder in place of a split", "split.json", f => f.Folder("split.json"), Load, "SplitFileNotFound", "split.json"),
        new("split that is not there", "split.json", _ => { }, Load, "SplitFileNotFound", "split.json"),
    ];

    private static BadCase Case(string name, string text, string id, string says) => Bytes(name, Encoding.UTF8.GetBytes(text), id, says);

    private static BadCase Bytes(string name, byte[] bytes, string id, string says) => new(name, "split.json", f => f.Bytes("split.json", bytes), Load, id, says);

    private static IEnumerable<Complaint> Load(BadFolder folder) => BadFolder.Try(() => SplitMaker.Load(folder.PathOf("split.json")));
}
