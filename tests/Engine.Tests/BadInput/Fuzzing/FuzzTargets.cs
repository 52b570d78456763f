using MedSeg.Engine.Bids;
using MedSeg.Engine.Configuration;
using MedSeg.Engine.Data;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Packaging;
using MedSeg.Engine.Packaging.Ensembles;
using MedSeg.Engine.Tests.Imaging;
using MedSeg.Engine.Training.Series;
using static System.Text.Encoding;

namespace MedSeg.Engine.Tests.BadInput.Fuzzing;

/// <summary>Every reader of files from elsewhere, with the sound files to damage.</summary>
internal static class FuzzTargets
{
    private static readonly Dictionary<string, object?> Micrometres = new() { ["PixelSize"] = new object?[] { 1.0, 2.0 }, ["PixelSizeUnits"] = "um" };

    private static readonly (string Name, Func<string, FuzzTarget> Make)[] Known =
    [
        ("NIfTI header", _ => Image("a.nii", Niftis())),
        ("NIfTI in gzip", _ => Image("a.nii.gz", Niftis()) with { Wrap = (content, _) => NiftiBuilder.Compress(content) }),
        ("gzip stream", _ => Image("a.nii.gz", [.. Niftis().Select(NiftiBuilder.Compress), TwoMembers(Niftis()[0])])),
        ("PNG", _ => Image("a.png", Pngs())),
        ("PNG with right checksums", _ => Image("a.png", Pngs()) with { Wrap = (content, _) => PngEnvelope.Mend(content) }),
        // LibTiff holds a row, which LZW packs into few bytes.
        ("TIFF", folder => Image("a.tif", TiffSeeds.All(folder)) with { AllowancePerByte = 8192 }),
        // A JPEG says 512 pixels in a byte, and a pixel takes four bytes.
        ("JPEG", _ => Image("a.jpg", [JpegSeed.Gray(40, 30), JpegSeed.Gray(17, 9)]) with { AllowancePerByte = 4096 }),
        ("JSON configuration", _ => Config("c.json", ConfigWriter.ToJson)),
        ("YAML configuration", _ => Config("c.yaml", ConfigWriter.ToYaml)),
        ("JSON sidecar", _ => Sidecar()),
        ("TSV table", _ => Table()),
        ("split file", _ => Split()),
        ("model manifest", Manifest),
        ("ensemble", Ensemble),
        ("series of trainings", _ => Series()),
        ("safetensors header", _ => Weights()),
        ("name patterns", _ => Patterns()),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. Known.Select(target => target.Name)];

    /// <param name="folder">An empty folder for what the reader needs beside the damaged file.</param>
    public static FuzzTarget Of(string name, string folder) => Known.Single(target => target.Name == name).Make(folder) with { Name = name };

    private static FuzzTarget Image(string fileName, IReadOnlyList<byte[]> seeds) => new()
    {
        FileName = fileName,
        Seeds = seeds,
        Read = (path, ct) =>
        {
            var volume = ImageFile.Read(path, Micrometres, ct);
            var info = ImageFile.ReadInfo(path, Micrometres);
            Require(volume.Voxels.Length == volume.Geometry.VoxelCount * volume.Channels, "the voxels do not fill the grid");
            Require(info.Geometry.Affine.SequenceEqual(volume.Geometry.Affine) && info.Channels == volume.Channels, "header and image differ");
            Require(volume.Geometry.Affine.All(double.IsFinite), "the affine is not finite");
            return sizeof(float) * (long)volume.Voxels.Length;
        },
    };

    private static FuzzTarget Config(string fileName, Func<SegConfig, string> write) => new()
    {
        FileName = fileName,
        Seeds = [UTF8.GetBytes(write(new SegConfig())), UTF8.GetBytes(write(Small()))],
        IsText = true,
        AllowancePerByte = 1024,
        Read = (path, _) =>
        {
            var config = ConfigReader.Read(path, SegEngine.Catalog, _ => { });
            var text = ConfigWriter.ToJson(config);
            Require(ConfigWriter.ToJson(ConfigReader.Parse(text, "again.json", SegEngine.Catalog, _ => { })) == text, "it changes when it is written and read");
            return 64 * text.Length;
        },
    };

    private static SegConfig Small()
    {
        var config = new SegConfig { ModelName = "small" };
        config.LoaderParameters.TargetSuffix = ["_seg-manual", "_lesion"];
        config.LoaderParameters.SubjectSelection = new SubjectSelectionConfig { N = [2], Metadata = ["sex"], Value = ["F"] };
        config.Transformation = [new TransformConfig("CenterCrop", new Dictionary<string, object?> { ["size"] = new object?[] { 64L, 64L } })];
        return config;
    }

    private static FuzzTarget Sidecar() => new()
    {
        FileName = "a.json",
        Seeds =
        [
            """{"PixelSize": [0.1, 0.2, 0], "PixelSizeUnits": "um", "Manufacturer": "Siemens", "EchoTime": 0.08, "FlipAngle": 90}"""u8.ToArray(),
            """{"PixelSizeUnits": "nm", "PixelSize": [100, 100], "Nested": {"a": [[1, 2], {"b": null}]}, "Flag": true}"""u8.ToArray(),
        ],
        IsText = true,
        AllowancePerByte = 512,
        Read = (path, _) =>
        {
            var findings = new List<BidsFinding>();
            if (JsonFile.ReadObject(path, findings) is null)
                throw Said(findings);
            var image = Path.ChangeExtension(path, ".png");
            var size = PixelSizeOf(image, path);
            Require(size is null || (size.Value.X > 0 && double.IsFinite(size.Value.X + size.Value.Y + size.Value.Z)), "the pixel size is not one");
            return 0;
        },
    };

    /// <summary>Null where the sidecar gives none: the error names the image, whose sidecar it is.</summary>
    private static PixelSize? PixelSizeOf(string image, string sidecar)
    {
        try
        {
            return PixelSize.Of(image, null);
        }
        catch (SegException error) when (error.ErrorId is "PixelSizeMissing" or "PixelSizeInvalid")
        {
            Require(error.Message.Contains(Path.GetFileName(image), StringComparison.Ordinal), $"{sidecar}: {error.Message}");
            return null;
        }
    }

    private static FuzzTarget Table() => new()
    {
        FileName = "sub-01_sessions.tsv",
        Seeds =
        [
            "session_id\tage\tsex\nses-a\t30\tF\nses-b\t31\tn/a\n"u8.ToArray(),
            [.. Unicode.GetPreamble(), .. Unicode.GetBytes("session_id\tdate\r\nses-1\t2020-01-01\r\nses-2\t\r\n")],
        ],
        IsText = true,
        AllowancePerByte = 2048,
        Read = (path, _) =>
        {
            var findings = new List<BidsFinding>();
            var table = TsvTable.Read(path, findings);
            Require(table is null || table.Rows.All(row => row.Cells.Count == table.Columns.Count), "a row has another width than the header");
            var rows = DatasetTables.ReadSessions(path, findings);
            Require(rows.All(row => row.Id.StartsWith("ses-", StringComparison.Ordinal)), "a row has no id");
            Require(findings.All(finding => finding.Message.Contains("sub-01_sessions.tsv", StringComparison.Ordinal)), "a finding does not name the file");
            return table is null ? throw Said(findings) : 0;
        },
    };

    private static FuzzTarget Split() => new()
    {
        FileName = "split.json",
        Seeds =
        [
            """{"method": "participant_id", "seed": 6, "training": ["sub-01", "sub-02"], "validation": ["sub-03"], "test": ["sub-04"]}"""u8.ToArray(),
            """{"train": ["sub-01_T2w.nii.gz"], "valid": ["sub-02_T2w.nii.gz"], "test": []}"""u8.ToArray(),
        ],
        IsText = true,
        AllowancePerByte = 512,
        Read = (path, _) =>
        {
            var split = SplitMaker.Load(path);
            var all = split.Training.Concat(split.Validation).Concat(split.Test).ToList();
            Require(all.Count > 0 && all.Distinct(StringComparer.Ordinal).Count() == all.Count, "a name is in two sets");
            return 0;
        },
    };

    private static FuzzTarget Manifest(string folder)
    {
        var package = new PackageBuilder();
        package.WriteTo(folder);
        return new()
        {
            FileName = ModelManifest.FileName,
            Seeds = [File.ReadAllBytes(Path.Combine(folder, ModelManifest.FileName))],
            IsText = true,
            AllowancePerByte = 2048,
            Allowance = 4 << 20,
            Read = (path, ct) =>
            {
                var model = Packaged(path, ct);
                Require(model.Classes.All(name => name.Length > 0) && model.DatasetRoots.All(root => root is not null), "a name is missing");
                Require(model.Split.Training.Concat(model.Split.Validation).Concat(model.Split.Test).All(name => name is not null), "a participant is missing");
                return 0;
            },
        };
    }

    private static FuzzTarget Ensemble(string folder)
    {
        var package = new PackageBuilder();
        var members = new[] { "seed-1", "seed-2" }.Select(member =>
        {
            var inner = Path.Combine(folder, member, package.Name);
            package.WriteTo(inner);
            return (member, ModelPackage.Load(inner, SegEngine.Catalog, _ => { }));
        }).ToList();
        EnsemblePackage.Write(folder, members);
        return new()
        {
            FileName = EnsembleManifest.FileName,
            Seeds = [File.ReadAllBytes(Path.Combine(folder, EnsembleManifest.FileName))],
            IsText = true,
            AllowancePerByte = 2048,
            Allowance = 4 << 20,
            Read = (path, ct) =>
            {
                var model = EnsemblePackage.Load(path, SegEngine.Catalog, _ => { }, ct);
                Require(model.Members.Count > 0 && model.Members.All(member => member.Path.StartsWith(Path.GetDirectoryName(path)!, StringComparison.Ordinal)), "a member lies elsewhere");
                return 0;
            },
        };
    }

    private static FuzzTarget Series() => new()
    {
        FileName = "series.json",
        Seeds = ["""{"format": 1, "seeds": [1, 2, 300], "folds": 5}"""u8.ToArray(), """{"format": 1, "seeds": [-7], "folds": null}"""u8.ToArray()],
        IsText = true,
        AllowancePerByte = 2048,
        Allowance = 4 << 20,
        Read = (path, _) =>
        {
            var members = SeriesPlan.Read(path).Members;
            Require(members.Count > 0 && members.Select(member => member.Folder).Distinct().Count() == members.Count, "a folder is used twice");
            return 0;
        },
    };

    private static FuzzTarget Weights() => new()
    {
        FileName = "w.safetensors",
        Seeds = [Safe("""{"a": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, "b": {"dtype": "I8", "shape": [4], "data_offsets": [24, 28]}}""", 28)],
        AllowancePerByte = 512,
        Read = (path, _) =>
        {
            using var stream = File.OpenRead(path);
            var header = SafetensorsHeader.Read(stream, path);
            Require(header.Entries.All(entry => entry.Begin >= 0 && entry.End <= stream.Length), "a tensor lies outside the file");
            return 0;
        },
    };

    private static byte[] Safe(string json, int data) => [.. BitConverter.GetBytes((ulong)json.Length), .. UTF8.GetBytes(json), .. new byte[data]];

    private static FuzzTarget Patterns() => new()
    {
        FileName = "names.json",
        Seeds =
        [
            """{"name": "my", "entities": [{"name": "subject", "pattern": "[/\\\\]+patient-([a-zA-Z0-9]+)", "mandatory": true}, {"name": "suffix", "pattern": "_([a-zA-Z0-9]+)\\.nii"}]}"""u8.ToArray(),
        ],
        IsText = true,
        Allowance = 4 << 20,
        AllowancePerByte = 2048,
        Read = (path, _) =>
        {
            PatternFile.Read(path, _ => { });
            return 0;
        },
    };

    /// <summary>The files around a damaged manifest are named where they are what does not fit any more.</summary>
    private static SegModel Packaged(string path, CancellationToken ct)
    {
        try
        {
            return ModelPackage.Load(path, SegEngine.Catalog, _ => { }, ct);
        }
        catch (SegException error) when (error.ErrorId == "ModelDamaged")
        {
            Require(error.Message.Contains(Path.GetDirectoryName(path)!, StringComparison.Ordinal), error.Message);
            throw new SegException(error.ErrorId, error.Kind, $"{path}: {error.Message}", error.Recommendation, path, error);
        }
    }

    private static List<byte[]> Niftis()
    {
        var noise = new byte[2 * 9 * 8 * 5];
        new Random(3).NextBytes(noise);
        return
        [
            new NiftiBuilder { Dim = [3, 9, 8, 5, 1, 1, 1, 1], Data = noise, Qform = 1, Slope = 2, Inter = 1 }.File(),
            new NiftiBuilder { BigEndian = true, Extension = [1, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0, 6, .. "comment."u8] }.File(),
            new NiftiBuilder { Version = 2, DataType = 16, BitPix = 32, Dim = [4, 3, 3, 2, 2, 1, 1, 1] }.File(),
            new NiftiBuilder { DataType = 128, BitPix = 24, Sform = 0, Qform = 1 }.File(),
        ];
    }

    private static List<byte[]> Pngs() =>
    [
        new PngBuilder { Width = 19, Height = 11, Filter = -1 }.File(),
        new PngBuilder { Colour = 6, Depth = 16, Filter = -1 }.File(),
        new PngBuilder { Colour = 3, Depth = 2, Palette = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] }.File(),
        new PngBuilder { Colour = 0, Depth = 1, Interlace = 1, Width = 17, Height = 9 }.File(),
    ];

    private static byte[] TwoMembers(byte[] content) => [.. NiftiBuilder.Compress(content[..200]), .. NiftiBuilder.Compress(content[200..])];

    private static SegException Said(List<BidsFinding> findings)
    {
        Require(findings.Count > 0, "nothing was read and nothing was said");
        return new SegException(findings[0].Id, SegErrorKind.InvalidData, $"{findings[0].Path}: {findings[0].Message}", findings[0].Recommendation);
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new InvalidOperationException(otherwise);
    }
}
