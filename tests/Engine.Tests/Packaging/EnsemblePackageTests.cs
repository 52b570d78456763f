using System.Text.Json.Nodes;
using MedSeg.Engine.Packaging;
using MedSeg.Engine.Packaging.Ensembles;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Tests.Training;
using Xunit;

namespace MedSeg.Engine.Tests.Packaging;

[Collection(TorchGlobalState.Name)]
public sealed class EnsemblePackageTests(PackagedModel packaged) : IClassFixture<PackagedModel>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_written_loads_from_the_folder_and_from_the_file()
    {
        SegModel written = Create();
        Assert.Equal((2, 2, "phantom", _folder.Path), (written.Members.Count, written.Classes.Count, written.Name, written.Path));
        foreach (string path in new[] { _folder.Path, _folder.Path + Path.DirectorySeparatorChar, _folder.File("ensemble.json") })
        {
            SegModel loaded = SegEngine.LoadModel(path);
            Assert.Equal(written.Sha256, loaded.Sha256);
            Assert.Equal([_folder.File("a", "phantom"), _folder.File("b", "phantom")], loaded.Members.Select(member => member.Path));
            Assert.Equal(written.Members.Average(member => member.BestValidationLoss), loaded.BestValidationLoss);
        }
    }

    [Fact]
    public void Writing_the_same_again_changes_nothing()
    {
        Create();
        byte[] before = File.ReadAllBytes(_folder.File("ensemble.json"));
        DateTime written = File.GetLastWriteTimeUtc(_folder.File("ensemble.json"));
        EnsemblePackage.Write(_folder.Path, [("a", Load("a")), ("b", Load("b"))]);
        Assert.Equal(before, File.ReadAllBytes(_folder.File("ensemble.json")));
        Assert.Equal(written, File.GetLastWriteTimeUtc(_folder.File("ensemble.json")));
    }

    [Fact]
    public void Where_a_single_model_is_needed_an_ensemble_is_told_from_one()
    {
        Create();
        SegException error = Assert.Throws<SegException>(() => ModelPackage.Load(_folder.Path, SegEngine.Catalog, _ => { }));
        Assert.Equal("ModelNotFound", error.ErrorId);
        Assert.Contains("one of its members", error.Recommendation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("../a")]
    [InlineData("a/../b")]
    [InlineData("a\\b")]
    [InlineData("/tmp/a")]
    [InlineData("C:a")]
    [InlineData("A")]
    [InlineData("con")]
    [InlineData("a\u0000")]
    public void No_member_leads_out_of_the_folder_or_occurs_twice(string folder)
    {
        Create();
        Edit(json => json["members"]![1]!["folder"] = folder);
        RequireDamaged(folder);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    public void A_missing_member_is_named(string folder)
    {
        Create();
        Directory.Delete(_folder.File(folder), recursive: true);
        RequireDamaged($"'{folder}' is missing");
    }

    [Fact]
    public void A_member_that_was_exchanged_is_named()
    {
        Create();
        File.AppendAllText(_folder.File("b", "phantom", "manifest.json"), " ");
        RequireDamaged("'b' is not the model");
    }

    [Fact]
    public void An_ensemble_is_no_member()
    {
        Create();
        Directory.CreateDirectory(_folder.File("c", "phantom"));
        File.Copy(_folder.File("ensemble.json"), _folder.File("c", "phantom", "ensemble.json"));
        Edit(json => json["members"]![1]!["folder"] = "c");
        RequireDamaged("'c' is missing");
    }

    [UnixFact]
    public void A_link_is_no_member()
    {
        Create();
        Directory.CreateSymbolicLink(_folder.File("c"), _folder.File("b"));
        Edit(json => json["members"]![1]!["folder"] = "c");
        RequireDamaged("'c' is a link");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"format\":1}")]
    [InlineData("{\"format\":1,\"name\":\"phantom\",\"members\":[]}")]
    [InlineData("{\"format\":1,\"name\":\"phantom\",\"members\":[null]}")]
    [InlineData("{\"format\":1,\"name\":\"phantom\",\"members\":[{\"folder\":null,\"manifest_sha256\":\"\"}]}")]
    [InlineData("{\"format\":1,\"name\":\"../phantom\",\"members\":[{\"folder\":\"a\",\"manifest_sha256\":\"\"}]}")]
    [InlineData("{\"format\":1,\"name\":null,\"members\":[]}")]
    [InlineData("not JSON")]
    public void A_file_that_is_none_is_damaged(string text)
    {
        Create();
        File.WriteAllText(_folder.File("ensemble.json"), text);
        RequireDamaged("");
    }

    [Fact]
    public void A_newer_format_asks_for_an_update()
    {
        Create();
        Edit(json => json["format"] = 2);
        Assert.Equal("ModelTooNew", Assert.Throws<SegException>(() => SegEngine.LoadModel(_folder.Path)).ErrorId);
    }

    [Fact]
    public void A_file_that_is_too_large_is_not_read()
    {
        Create();
        using (FileStream stream = File.OpenWrite(_folder.File("ensemble.json"))) stream.SetLength(1L << 30);
        Assert.Equal("CannotRead", Assert.Throws<SegException>(() => SegEngine.LoadModel(_folder.Path)).ErrorId);
    }

    private SegModel Create()
    {
        foreach (string name in new[] { "a", "b" })
        {
            using TemporaryFolder copy = packaged.Copy();
            Directory.CreateDirectory(_folder.File(name, "phantom"));
            foreach (string file in Directory.GetFiles(copy.Path)) File.Copy(file, _folder.File(name, "phantom", Path.GetFileName(file)));
        }

        return EnsemblePackage.Write(_folder.Path, [("a", Load("a")), ("b", Load("b"))]);
    }

    private SegModel Load(string name) => ModelPackage.Load(_folder.File(name, "phantom"), SegEngine.Catalog, _ => { });

    private void Edit(Action<JsonObject> change)
    {
        JsonObject json = JsonNode.Parse(File.ReadAllText(_folder.File("ensemble.json")))!.AsObject();
        change(json);
        File.WriteAllText(_folder.File("ensemble.json"), json.ToJsonString());
    }

    private void RequireDamaged(string named)
    {
        var error = Assert.Throws<SegException>(() => SegEngine.LoadModel(_folder.Path));
        Assert.Equal("ModelDamaged", error.ErrorId);
        Assert.Contains(_folder.File("ensemble.json"), error.Message, StringComparison.Ordinal);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }
}
