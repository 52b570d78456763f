namespace MedSeg.Engine.Bids;

/// <summary>
/// What a file's name and place say, as columns: subject, session, sample, run, acquisition …, suffix, contrast, datatype, extension and
/// filename. Values have no prefix, as the reference toolbox has them.
/// </summary>
internal static class NameColumns
{
    /// <summary>Short keys of the BIDS standard to the names that its schema gives the entities.</summary>
    private static readonly Dictionary<string, string> LongNames = new(StringComparer.Ordinal)
    {
        ["acq"] = "acquisition", ["ce"] = "ceagent", ["chunk"] = "chunk", ["den"] = "density", ["desc"] = "description", ["dir"] = "direction",
        ["echo"] = "echo", ["flip"] = "flip", ["hemi"] = "hemisphere", ["inv"] = "inversion", ["mod"] = "modality", ["mt"] = "mtransfer",
        ["part"] = "part", ["proc"] = "processing", ["rec"] = "reconstruction", ["recording"] = "recording", ["res"] = "resolution",
        ["run"] = "run", ["sample"] = "sample", ["ses"] = "session", ["space"] = "space", ["split"] = "split", ["stain"] = "staining",
        ["sub"] = "subject", ["task"] = "task", ["trc"] = "tracer",
    };

    private static readonly Dictionary<string, string> ShortNames = LongNames.ToDictionary(p => p.Value, p => p.Key, StringComparer.Ordinal);

    /// <summary>The entity's key in file names (<c>acq</c>) to its long name (<c>acquisition</c>); unknown keys stand for themselves.</summary>
    public static string LongName(string key) => LongNames.GetValueOrDefault(key, key);

    /// <summary>The reverse of <see cref="LongName"/>.</summary>
    public static string ShortName(string name) => ShortNames.GetValueOrDefault(name, name);

    /// <summary>The keys of the standard's entities, in ordinal order.</summary>
    public static IEnumerable<string> StandardKeys => LongNames.Keys.Order(StringComparer.Ordinal);

    /// <summary>The value of such a column; entities may be named by their long or short names. Null where the name has none.</summary>
    public static string? Value(BidsImage image, string column) => column switch
    {
        "subject" or "sub" => SubjectLabel(image),
        "suffix" => image.Suffix,
        "contrast" => image.Contrast,
        "datatype" => image.DataType,
        "extension" => image.Extension,
        "filename" => Path.GetFileName(image.Path),
        _ => image.Entities.GetValueOrDefault(ShortName(column)),
    };

    /// <summary>The columns that the names of some images have, the file name's aside: entities by their long names, then the rest.</summary>
    public static IReadOnlyList<string> Of(IEnumerable<BidsImage> images)
    {
        var entities = images.SelectMany(i => i.Entities.Keys).Distinct(StringComparer.Ordinal).Select(LongName).ToList();
        return ["subject", .. entities.Order(StringComparer.Ordinal), "suffix", "contrast", "datatype", "extension"];
    }

    private static string SubjectLabel(BidsImage image) =>
        image.Subject.StartsWith("sub-", StringComparison.Ordinal) ? image.Subject["sub-".Length..] : image.Subject;
}
