using MedSeg.Engine.Data.Samples;
using MedSeg.Engine.Onnx;
using MedSeg.Engine.Packaging;
using MedSeg.Engine.Tests.Data;
using MedSeg.Engine.Tests.Support;
using MedSeg.Engine.Transforms;
using Xunit;

namespace MedSeg.Engine.Tests.Training;

/// <summary>The classifiers here accept slices whose mean is above a limit: sigmoid(mean − limit).</summary>
public sealed class SliceClassifierTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(DatasetParts.Training, new[] { 2, 3 })]
    [InlineData(DatasetParts.Validation, new[] { 2, 3 })]
    [InlineData(DatasetParts.Testing, new[] { 2, 3 })]
    public void Slices_that_an_ONNX_classifier_rejects_are_left_out(string part, int[] slices)
    {
        using var disk = new DatasetOnDisk();
        disk.Add(6, 5, 4, labels: ("_a", (_, _, _) => 1)); // Slice z has the mean 100·z + 22.5.
        using SliceClassifier classifier = SliceClassifier.Of(Config(Write("accepts.onnx", 150)), null)!;
        var observer = new Data.RecordingObserver();
        using var dataset = SampleDataset.Load(disk.Sources, Config("accepts.onnx"), part, observer, default, new() { Classifier = classifier });
        Assert.Equal(slices, dataset.Origins.Select(o => o.SliceIndex!.Value));
        Assert.Empty(observer.Errors);
    }

    [Fact]
    public void A_relative_path_is_meant_from_where_the_user_is()
    {
        Write("c.onnx", 0);
        using (SliceClassifier? classifier = SliceClassifier.Of(Config("c.onnx"), _folder.Path))
            Assert.Equal(0.5, classifier!.Probability([0, 0], new SampleInfo(new GridSize(1, 2), (1, 1, 1), 1)), 6);
        Assert.Null(SliceClassifier.Of(new SegConfig { LoaderParameters = { SliceFilterParams = { ClassifierPath = "c.onnx" } } }, _folder.Path));
    }

    [Fact]
    public void What_is_no_classifier_is_refused_with_its_file()
    {
        Assert.Equal("FileNotFound", Error(() => Open(_folder.File("none.onnx"))).ErrorId);
        string text = _folder.File("text.onnx");
        File.WriteAllText(text, "<html>");
        Assert.Equal(("OnnxModelInvalid", text), (Error(() => Open(text)).ErrorId, Error(() => Open(text)).TargetItem));
        Assert.Equal("OnnxModelInvalid", Error(() => Open(Write("flat.onnx", 0, shape: ["batch", 1, "height"]))).ErrorId);
        Assert.Equal("OnnxModelInvalid", Error(() => Open(Write("two.onnx", 0, shape: ["batch", 2, "height", "width"]))).ErrorId);
    }

    [Fact]
    public void An_answer_that_is_no_probability_is_an_error_of_the_image()
    {
        using var raw = new OnnxClassifier(Write("raw.onnx", 0, sigmoid: false));
        Assert.Equal("ClassifierOutput", Error(() => raw.Probability([3, 5], 1, 2)).ErrorId);
        using var map = new OnnxClassifier(Write("map.onnx", 0, pool: false));
        Assert.Contains("gives 2 numbers", Error(() => map.Probability([3, 5], 1, 2)).Message, StringComparison.Ordinal);
        using var fixedSize = new OnnxClassifier(Write("fixed.onnx", 0, shape: [1, 1, 4, 4]));
        Assert.Equal("ClassifierImageSize", Error(() => fixedSize.Probability([3, 5], 1, 2)).ErrorId);
    }

    /// <summary>Values 3 and 5 become −1 and 1; their mean is 0.</summary>
    [Fact]
    public void A_file_that_names_its_transforms_gets_its_slices_prepared()
    {
        Write("plain.onnx", 0);
        Write("own.onnx", 0, preprocessing: """[{"name": "NormalizeInstance", "parameters": {}}]""");
        double Of(string file)
        {
            using SliceClassifier classifier = SliceClassifier.Of(Config(file), _folder.Path)!;
            return classifier.Probability([3, 5], new SampleInfo(new GridSize(1, 2), (1, 1, 1), 1));
        }

        Assert.Equal(1 / (1 + Math.Exp(-4)), Of("plain.onnx"), 6);
        Assert.Equal(0.5, Of("own.onnx"), 6);
        foreach (string odd in (string[])["nothing", "{}", "[3]", """[{"name": "Foo"}]""", """[{"name": "Resample", "parameters": {"hspace": -1}}]"""])
        {
            Write("odd.onnx", 0, preprocessing: odd);
            Assert.Equal("OnnxModelInvalid", Error(() => Of("odd.onnx")).ErrorId);
        }
    }

    private static SegException Error(Action action) => Assert.Throws<SegException>(action);

    private static void Open(string path) => new OnnxClassifier(path).Dispose();

    private static SegConfig Config(string classifier) => new()
    {
        LoaderParameters = { TargetSuffix = ["_a"], SliceFilterParams = { FilterClassification = true, ClassifierPath = classifier } },
    };

    private string Write(string name, float limit, bool sigmoid = true, bool pool = true, object[]? shape = null, string? preprocessing = null)
    {
        var graph = new OnnxGraph();
        object[] dimensions = shape ?? ["batch", 1, "height", "width"];
        string value = graph.Input("slice", dimensions);
        value = pool && dimensions.Length == 4 ? graph.Node("GlobalAveragePool", [value]) : value;
        value = graph.Node("Sub", [value, graph.Constant("limit", [limit])]);
        graph.Output(sigmoid ? graph.Node("Sigmoid", [value]) : value, "probability", dimensions.Length == 4 ? ["batch", 1, "h", "w"] : dimensions);
        string path = _folder.File(name);
        File.WriteAllBytes(path, graph.ToBytes("classifier", "test", "1", preprocessing is null ? [] : new Dictionary<string, string> { ["preprocessing"] = preprocessing }));
        return path;
    }
}
