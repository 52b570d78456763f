using System.Text.Json;
using MedSeg.Engine.Configuration;
using MedSeg.Engine.Packaging;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Tests.BadInput.Fuzzing;

/// <summary>A packaged model whose network is not one: enough for everything that is checked before the network is opened.</summary>
internal sealed class PackageBuilder
{
    public string Name { get; init; } = "made";

    public byte[] Onnx { get; init; } = "no network"u8.ToArray();

    public Action<SegConfig> Configure { get; init; } = _ => { };

    public void WriteTo(string folder)
    {
        var config = new SegConfig { ModelName = Name };
        config.LoaderParameters.TargetSuffix = ["_seg-manual"];
        Configure(config);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, Name + ".json"), ConfigWriter.ToJson(config));
        File.WriteAllBytes(Path.Combine(folder, Name + ".onnx"), Onnx);
        File.WriteAllBytes(Path.Combine(folder, Name + ".safetensors"), "no weights"u8.ToArray());
        File.WriteAllText(Path.Combine(folder, ModelManifest.FileName), JsonSerializer.Serialize(Manifest(folder), ModelManifest.Json));
    }

    private ModelManifest Manifest(string folder) => new()
    {
        Format = ModelManifest.CurrentFormat,
        Name = Name,
        Classes = ["seg-manual"],
        Threshold = 0.5,
        Files = new ModelFiles(Entry(folder, ".onnx"), Entry(folder, ".json"), Entry(folder, ".safetensors")),
        Split = new SegSplit("participant_id", 6, ["sub-01", "sub-02"], ["sub-03"], ["sub-04"]),
        DatasetRoots = ["/data"],
        Versions = new Dictionary<string, string> { ["MedSeg"] = "0.1.0" },
        Training = new TrainingProvenance
        {
            Seed = 0,
            Device = "cpu",
            Finished = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            WallSeconds = 12.5,
            BestEpoch = 1,
            BestValidationLoss = 0.25,
            Data = new string('0', 64),
            History = [new SegEpoch(1, 0.5, 0.25, 0.8, 0.001, 12.5, true)],
        },
    };

    private ModelFile Entry(string folder, string extension)
    {
        var path = Path.Combine(folder, Name + extension);
        return new ModelFile(Name + extension, new FileInfo(path).Length, Sha256.OfFile(path));
    }
}
