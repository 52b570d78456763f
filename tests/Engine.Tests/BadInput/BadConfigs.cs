using System.Text;
using MedSeg.Engine.Configuration;

namespace MedSeg.Engine.Tests.BadInput;

/// <summary>Configuration files from disk: encodings, habits of other languages, and what editors do. Single keys are in BadConfigTests.</summary>
internal static class BadConfigs
{
    public static IEnumerable<BadCase> Cases =>
    [
        Bytes("configuration in UTF-16", "c.json", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("{}")], "ConfigEncoding", "UTF-8"),
        Bytes("configuration in Latin-1", "c.json", [.. "{\"model_name\": \"J"u8, 0xF6, .. "rg\"}"u8], "ConfigEncoding", "line 1"),
        Bytes("configuration that is a picture", "c.yaml", [0x89, .. "PNG\r\n\x1a\n"u8, 0, 0], "ConfigEncoding", "UTF-8"),
        Bytes("configuration that is a pickle", "c.json", [0x80, 4, 0x95, 0, 0], "ConfigEncoding", "UTF-8"),
        Bytes("configuration of a mark alone", "c.json", [0xEF, 0xBB, 0xBF], "ConfigSyntax", "line 1"),
        Bytes("configuration larger than any", "c.json", [.. "{\"a\": \""u8, .. Enumerable.Repeat((byte)'x', 9 << 20), .. "\"}"u8], "ConfigTooLarge", "bytes"),
        Case("configuration padded with NUL", "c.json", "{}" + new string('\0', 64), "ConfigEncoding", "line 1"),
        Case("path of Windows with single backslashes", "c.json", "{\"path_output\": \"C:\\data\\new\"}", "ConfigSyntax", "line 1"),
        Case("path of Windows in double quotes of YAML", "c.yaml", "path_output: \"C:\\data\"\n", "ConfigSyntax", "line 1"),
        Case("typographic quotes", "c.json", "{\u201Ccommand\u201D: \u201Ctrain\u201D}", "ConfigSyntax", "line 1"),
        Case("decimal comma", "c.json", "{\"split_dataset\": {\"train_fraction\": 0,6}}", "ConfigSyntax", "line 1"),
        Case("decimal comma in YAML", "c.yaml", "split_dataset:\n  train_fraction: 0,6\n", "ConfigWrongType", "split_dataset.train_fraction"),
        Case("number with a leading zero", "c.json", "{\"training_parameters\": {\"batch_size\": 08}}", "ConfigSyntax", "line 1"),
        Case("hexadecimal number", "c.json", "{\"training_parameters\": {\"batch_size\": 0x10}}", "ConfigSyntax", "line 1"),
        Case("None of Python", "c.json", "{\n\"split_dataset\": {\"balance\": None}}", "ConfigSyntax", "line 2"),
        Case("assignment in place of a colon", "c.json", "{\"command\" = \"train\"}", "ConfigSyntax", "line 1"),
        Case("key without quotes", "c.json", "{command: \"train\"}", "ConfigSyntax", "line 1"),
        Case("list in place of the file", "c.json", "[{\"command\": \"train\"}]", "ConfigWrongType", "object"),
        Case("INI file", "c.yaml", "[training]\nbatch_size = 4\n", "ConfigSyntax", "line 2"),
        Case("conflict marks of version control", "c.yaml", "<<<<<<< HEAD\ncommand: train\n=======\ncommand: test\n>>>>>>> x\n", "ConfigSyntax", "c.yaml"),
        Case("number too large for a seed", "c.yaml", "split_dataset:\n  random_seed: 99999999999\n", "ConfigOutOfRange", "split_dataset.random_seed"),
        Case("fraction in per cent", "c.yaml", "split_dataset:\n  test_fraction: 20\n", "ConfigOutOfRange", "split_dataset.test_fraction"),
        Case("text in place of a list", "c.yaml", "loader_parameters:\n  target_suffix: {a: _seg}\n", "ConfigWrongType", "loader_parameters.target_suffix"),
        Case("number of participants that is 0", "c.yaml", "loader_parameters:\n  subject_selection: {n: [0], metadata: [sex], value: [F]}\n", "ConfigOutOfRange", "loader_parameters.subject_selection.n[0]"),
        Case("balance that is true", "c.json", "{\"split_dataset\": {\"balance\": true}}", "ConfigWrongType", "split_dataset.balance"),
        new("folder in place of a configuration", "c.json", f => f.Folder("c.json"), Read("c.json"), "ConfigNotFound", "folder"),
        new("configuration that is not there", "c.json", _ => { }, Read("c.json"), "ConfigNotFound", "no such file"),
    ];

    private static BadCase Case(string name, string file, string text, string id, string says) => Bytes(name, file, Encoding.UTF8.GetBytes(text), id, says);

    private static BadCase Bytes(string name, string file, byte[] bytes, string id, string says) => new(name, file, f => f.Bytes(file, bytes), Read(file), id, says);

    private static Func<BadFolder, IEnumerable<Complaint>> Read(string file) =>
        folder => BadFolder.Try(() => ConfigReader.Read(folder.PathOf(file), SegEngine.Catalog, _ => { }));
}
