using MedSeg.Engine.Onnx;
using MedSeg.Engine.Packaging;
using MedSeg.Engine.Tests.Networks;
using MedSeg.Engine.Tests.Onnx;
using MedSeg.Engine.Tests.Training;
using Xunit;

namespace MedSeg.Engine.Tests.Packaging;

[Collection(TorchGlobalState.Name)]
public sealed class ModelExporterTests : IDisposable
{
    private readonly PhantomRun _phantom = new();

    public void Dispose() => _phantom.Dispose();

    [Fact]
    public void A_packaged_network_is_exported_with_live_dropout()
    {
        SegModel model = Train();
        string path = Path.Combine(_phantom.NewFolder(), "live.onnx");
        SegEngine.ExportModel(model, path, dropout: true, seed: 3, default);
        using OnnxSession plain = new(ModelPackage.OnnxPath(model)), live = new(path);
        Assert.Equal((false, true), (plain.HasDropout, live.HasDropout));
        Assert.Equal(plain.Metadata.OrderBy(m => m.Key), live.Metadata.OrderBy(m => m.Key));
        Assert.InRange(GoldenWeights.LargestDifference(Run(plain), Run(live)), 0, 1e-6f);
        live.Dropout = true;
        Assert.True(GoldenWeights.LargestDifference(Run(live), Run(live)) > 1e-4f);

        SegEngine.ExportModel(model, path, dropout: false, seed: 0, default);
        Assert.Equal(File.ReadAllBytes(ModelPackage.OnnxPath(model)), File.ReadAllBytes(path));
    }

    [Fact]
    public void What_cannot_be_exported_is_an_error_and_leaves_no_file()
    {
        SegModel model = Train(config => config.DefaultModel.DropoutRate = 0);
        string path = Path.Combine(_phantom.NewFolder(), "live.onnx");
        Assert.Equal("NoDropout", Error(model, path));
        Assert.Equal("ModelIsEnsemble", Error(model with { Members = [model, model] }, path));
        Assert.Equal("OutputIsModel", Error(model, Path.Combine(model.Path, "live.onnx")));
        SegConfig huge = PhantomRun.Config(config => (config.DefaultModel.Depth, config.DefaultModel.NFilters) = (8, 1024));
        Assert.Equal("ModelDamaged", Error(model with { Config = huge }, path));
        File.AppendAllText(ModelPackage.WeightsPath(model), "x");
        Assert.Equal("ModelDamaged", Error(model, path));
        Assert.False(File.Exists(path));
    }

    private SegModel Train(Action<SegConfig>? change = null) => _phantom.Train(_phantom.NewFolder(), config: PhantomRun.Config(config =>
    {
        config.TrainingParameters.TrainingTime.NumEpochs = 1;
        change?.Invoke(config);
    }));

    private static string Error(SegModel model, string path) =>
        Assert.Throws<SegException>(() => SegEngine.ExportModel(model, path, dropout: true, seed: 0, default)).ErrorId;

    private static float[] Run(OnnxSession session)
    {
        var output = new float[2 * 16 * 16];
        session.Run(OnnxParityTests.Noise(16 * 16, 1), 1, 1, 16, 16, output);
        return output;
    }
}
