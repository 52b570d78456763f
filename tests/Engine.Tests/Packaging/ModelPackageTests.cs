using System.Text.Json.Nodes;
using MedSeg.Engine.Packaging;
using MedSeg.Engine.Runtime;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Tests.Training;
using Xunit;

namespace MedSeg.Engine.Tests.Packaging;

[Collection(TorchGlobalState.Name)]
public sealed class ModelPackageTests(PackagedModel packaged) : IClassFixture<PackagedModel>
{
    [Fact]
    public void Folder_and_manifest_lead_to_the_same_model()
    {
        using var copy = packaged.Copy();
        Assert.Equal(Load(copy.Path).Sha256, Load(copy.File("manifest.json")).Sha256);
    }

    [Theory]
    [InlineData("phantom.onnx")]
    [InlineData("phantom.json")]
    [InlineData("phantom.safetensors")]
    public void A_changed_file_is_named(string name)
    {
        using var copy = packaged.Copy();
        byte[] bytes = File.ReadAllBytes(copy.File(name));
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(copy.File(name), bytes);
        RequireDamaged(copy, name);
    }

    [Theory]
    [InlineData("phantom.onnx")]
    [InlineData("phantom.json")]
    [InlineData("phantom.safetensors")]
    public void A_missing_or_short_file_is_named(string name)
    {
        using var copy = packaged.Copy();
        File.WriteAllBytes(copy.File(name), File.ReadAllBytes(copy.File(name))[..^1]);
        RequireDamaged(copy, name);
        File.Delete(copy.File(name));
        RequireDamaged(copy, name);
    }

    [Theory]
    [InlineData("../phantom.onnx")]
    [InlineData("/etc/passwd")]
    [InlineData("C:\\x.onnx")]
    [InlineData("sub/phantom.onnx")]
    [InlineData("")]
    public void A_manifest_cannot_point_elsewhere(string name)
    {
        using var copy = packaged.Copy();
        Edit(copy, manifest => manifest["files"]!["onnx"]!["name"] = name);
        RequireDamaged(copy, "manifest.json");
    }

    [Fact]
    public void A_model_name_cannot_point_elsewhere()
    {
        using var copy = packaged.Copy();
        Edit(copy, manifest =>
        {
            manifest["name"] = "../phantom";
            manifest["files"]!["onnx"]!["name"] = "../phantom.onnx";
            manifest["files"]!["config"]!["name"] = "../phantom.json";
            manifest["files"]!["weights"]!["name"] = "../phantom.safetensors";
        });
        RequireDamaged(copy, "manifest.json");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"format\":1}")]
    [InlineData("{\"format\":1,\"name\":null}")]
    [InlineData("not JSON")]
    public void A_manifest_that_is_none_is_damaged(string text)
    {
        using var copy = packaged.Copy();
        File.WriteAllText(copy.File("manifest.json"), text);
        RequireDamaged(copy, "manifest.json");
    }

    [Fact]
    public void Impossible_values_are_damage()
    {
        using var copy = packaged.Copy();
        Edit(copy, manifest => manifest["threshold"] = 1.5);
        RequireDamaged(copy, "manifest.json");
        Edit(copy, manifest => (manifest["threshold"], manifest["classes"]) = (0.5, new JsonArray()));
        RequireDamaged(copy, "manifest.json");
    }

    [Theory]
    [InlineData("_x/../../../evil", "_b")]
    [InlineData("_x\\..\\evil", "_b")]
    [InlineData("C:x", "_b")]
    [InlineData("", "_b")]
    [InlineData("_a")]
    [InlineData("_a", "_b", "_c")]
    public void Suffixes_must_be_plain_and_as_many_as_classes(params string[] suffixes)
    {
        using var copy = packaged.Copy();
        ForgeSuffixes(copy, suffixes);
        RequireDamaged(copy, "phantom.json");
    }

    [Fact]
    public void Suffixes_with_control_characters_are_no_configuration()
    {
        using var copy = packaged.Copy();
        ForgeSuffixes(copy, ["_a\n", "_b"]);
        SegException error = Assert.Throws<SegException>(() => Load(copy.Path));
        Assert.Equal("ConfigNotAllowed", error.ErrorId);
        Assert.Contains("phantom.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_newer_format_asks_for_an_update()
    {
        using var copy = packaged.Copy();
        Edit(copy, manifest => manifest["format"] = 2);
        Assert.Equal("ModelTooNew", Assert.Throws<SegException>(() => Load(copy.Path)).ErrorId);
    }

    [Fact]
    public void A_run_folder_is_told_from_a_model_folder()
    {
        var error = Assert.Throws<SegException>(() => Load(packaged.RunPath));
        Assert.Equal("ModelNotFound", error.ErrorId);
        Assert.Contains(Path.Combine(packaged.RunPath, "phantom"), error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public void An_absent_folder_is_not_found() =>
        Assert.Equal("ModelNotFound", Assert.Throws<SegException>(() => Load(Path.Combine(packaged.RunPath, "absent"))).ErrorId);

    [Theory]
    [InlineData(0.3, 0.3)]
    [InlineData(1L, 1)]
    [InlineData(-1.0, 0.5)]
    [InlineData(null, 0.5)]
    public void The_threshold_comes_from_post_processing(object? value, double expected)
    {
        var config = new SegConfig { Postprocessing = [new("binarize_prediction", new Dictionary<string, object?> { ["thr"] = value })] };
        Assert.Equal(expected, ModelPackageWriter.ThresholdOf(config));
        Assert.Equal(0.5, ModelPackageWriter.ThresholdOf(new SegConfig()));
    }

    private static void RequireDamaged(TemporaryFolder copy, string name)
    {
        var error = Assert.Throws<SegException>(() => Load(copy.Path));
        Assert.Equal("ModelDamaged", error.ErrorId);
        Assert.Contains(copy.File(name), error.Message, StringComparison.Ordinal);
    }

    private static void ForgeSuffixes(TemporaryFolder copy, string[] suffixes)
    {
        JsonObject config = JsonNode.Parse(File.ReadAllText(copy.File("phantom.json")))!.AsObject();
        config["loader_parameters"]!["target_suffix"] = new JsonArray([.. suffixes.Select(s => JsonValue.Create(s))]);
        File.WriteAllText(copy.File("phantom.json"), config.ToJsonString());
        Edit(copy, manifest =>
        {
            manifest["files"]!["config"]!["bytes"] = new FileInfo(copy.File("phantom.json")).Length;
            manifest["files"]!["config"]!["sha256"] = Sha256.OfFile(copy.File("phantom.json"));
        });
    }

    private static void Edit(TemporaryFolder copy, Action<JsonObject> change)
    {
        JsonObject manifest = JsonNode.Parse(File.ReadAllText(copy.File("manifest.json")))!.AsObject();
        change(manifest);
        File.WriteAllText(copy.File("manifest.json"), manifest.ToJsonString());
    }

    private static SegModel Load(string path) => ModelPackage.Load(path, SegEngine.Catalog, _ => { });
}

/// <summary>One trained model, and copies of it to spoil.</summary>
public sealed class PackagedModel : IDisposable
{
    private readonly PhantomRun _phantom = new();
    private readonly SegModel _model;

    public PackagedModel()
    {
        RunPath = _phantom.NewFolder();
        _model = _phantom.Train(RunPath, config: PhantomRun.Config(c => c.TrainingParameters.TrainingTime.NumEpochs = 1));
    }

    public string RunPath { get; }

    public TemporaryFolder Copy()
    {
        var copy = new TemporaryFolder();
        foreach (string file in Directory.GetFiles(_model.Path)) File.Copy(file, copy.File(Path.GetFileName(file)));
        return copy;
    }

    public void Dispose() => _phantom.Dispose();
}
