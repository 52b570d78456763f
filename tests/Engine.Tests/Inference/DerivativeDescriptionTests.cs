using System.Text.Json.Nodes;
using MedSeg.Engine.Inference;
using MedSeg.Engine.Tests.Data;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Inference;

public sealed class DerivativeDescriptionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File(DerivativeDescription.FileName);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_dataset_has_a_name_that_stays()
    {
        var (a, b) = (Path.GetFullPath("/data/a b"), Path.GetFullPath("/data/b"));
        Assert.Equal("bids:raw:sub-1/anat/sub-1_T2w.nii.gz", Prepare(a).SourceOf(Input(a)));
        var both = Prepare(b, a, b);
        Assert.Equal("bids:raw2:sub-1/anat/sub-1_T2w.nii.gz", both.SourceOf(Input(b)));
        Assert.Equal("bids:raw:sub-1/anat/sub-1_T2w.nii.gz", both.SourceOf(Input(a)));
        var links = Content()["DatasetLinks"]!.AsObject();
        Assert.Equal([("raw", new Uri(a).AbsoluteUri), ("raw2", new Uri(b).AbsoluteUri)], links.Select(l => (l.Key, l.Value!.ToString())));
        Assert.DoesNotContain(' ', links["raw"]!.ToString());
    }

    [Fact]
    public void What_else_a_description_says_is_kept_and_nothing_is_written_without_need()
    {
        const string text = """{"Name":"mine","DatasetType":"derivative","Authors":["N. N."],"DatasetLinks":{"raw":"doi:10.1/x"}}""";
        System.IO.File.WriteAllText(File, text);
        Assert.Equal("x.nii", Prepare().SourceOf(new("/elsewhere/x.nii", null)));
        Assert.Equal(text, System.IO.File.ReadAllText(File));

        var root = Path.GetFullPath("/data");
        Assert.StartsWith("bids:raw2:", Prepare(root).SourceOf(Input(root)), StringComparison.Ordinal);
        Assert.Equal(("mine", "N. N.", "doi:10.1/x"), (Content()["Name"]!.ToString(), Content()["Authors"]![0]!.ToString(), Content()["DatasetLinks"]!["raw"]!.ToString()));
    }

    [Theory]
    [InlineData("""{"DatasetType":"derivative","DatasetLinks":7}""")]
    [InlineData("""{"DatasetType":"derivative","DatasetLinks":{"raw":null,"raw2":{}}}""")]
    public void Odd_links_are_survived(string text)
    {
        System.IO.File.WriteAllText(File, text);
        var root = Path.GetFullPath("/data");
        Assert.StartsWith("bids:raw", Prepare(root).SourceOf(Input(root)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"DatasetType":"derivative","DatasetType":"raw"}""")]
    [InlineData("[]")]
    [InlineData("")]
    public void Another_kind_of_dataset_is_refused(string text)
    {
        System.IO.File.WriteAllText(File, text);
        Assert.Equal("OutputIsDataset", Assert.Throws<SegException>(() => Prepare()).ErrorId);
        Assert.Equal(text, System.IO.File.ReadAllText(File));
    }

    private static PredictionInput Input(string root)
    {
        var image = FakeDataset.Image("sub-1", "T2w") with { Root = root };
        return new(image.Path, image);
    }

    private DerivativeDescription Prepare(params string[] roots) => DerivativeDescription.Prepare(_folder.Path, "m", roots);

    private JsonObject Content() => JsonNode.Parse(System.IO.File.ReadAllText(File))!.AsObject();
}
