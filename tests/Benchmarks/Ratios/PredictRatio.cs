using MedSeg.Engine.Data;
using MedSeg.Engine.Inference;
using MedSeg.Engine.Onnx;
using MedSeg.Engine.Packaging;

namespace MedSeg.Benchmarks.Ratios;

/// <summary>
/// Predicting a volume (turning, resampling, cropping, normalising, network, and the way back) against the network alone on the
/// same batches that lie ready in memory. Reading and writing files do not count on either side.
/// </summary>
public sealed class PredictRatio : IRatioBenchmark
{
    private const int Size = 141;
    private const int Crop = 128;
    private const int Slices = 16;
    private const int Filters = 16;
    private const int Rounds = 11;

    public string Name => "predict";

    public RatioResult Run()
    {
        var folder = SampleVolume.TemporaryFolder();
        try
        {
            return Measure(BenchModel.Package(folder, new SegConfig
            {
                DefaultModel = { Depth = 3, NFilters = Filters },
                Transformation =
                [
                    new("Resample", new Dictionary<string, object?> { ["hspace"] = 0.75, ["wspace"] = 0.75 }),
                    new("CenterCrop", new Dictionary<string, object?> { ["size"] = new[] { Crop, Crop } }),
                    new("NormalizeInstance"),
                ],
            }));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private RatioResult Measure(SegModel model)
    {
        var cube = SampleVolume.Create(Size);
        var volume = new Engine.Imaging.Volume(
            cube.Voxels[..(Size * Size * Slices)], Engine.Imaging.VolumeGeometry.Axial(Size, Size, Slices, 1, 1, 5));
        using var runner = new ModelRunner(model, "cpu");
        using var session = new OnnxSession(ModelPackage.OnnxPath(model));
        var prepared = PreparedVolume.From(volume, model.Config);
        var batch = ModelRunner.BatchSize(Crop * Crop);
        var input = new float[Slices * Crop * Crop];
        Prepare(volume, model.Config, input);
        var output = new float[input.Length];
        var times = Interleaved.Medians(
            Rounds,
            () => runner.Predict(volume, (_, _) => { }, CancellationToken.None),
            () => Bare(session, input, output, batch),
            () => Prepare(volume, model.Config, input),
            () => Restore(prepared, output));
        return new(Name, times[0] / times[1], 1.25, new Dictionary<string, double>
        {
            ["predict_ms"] = times[0], ["session_ms"] = times[1], ["prepare_alone_ms"] = times[2], ["restore_alone_ms"] = times[3], ["slices"] = Slices, ["batch"] = batch, ["rounds"] = Rounds,
        }, $"medians; {Size}×{Size}×{Slices} volume, resampled to 0.75 mm and cropped to {Crop}×{Crop}, Unet of depth 3 with {Filters} filters");
    }

    private static void Prepare(Engine.Imaging.Volume volume, SegConfig config, float[] input)
    {
        var prepared = PreparedVolume.From(volume, config);
        using var reader = prepared.NewReader();
        for (var i = 0; i < Slices; i++)
            reader.Copy(i, input.AsSpan(i * Crop * Crop, Crop * Crop));
    }

    private static void Restore(PreparedVolume prepared, float[] output)
    {
        using var restorer = prepared.NewRestorer(1);
        for (var i = 0; i < Slices; i++)
            restorer.Add(i, output.AsSpan(i * Crop * Crop, Crop * Crop));
        restorer.ToVolume();
    }

    private static void Bare(OnnxSession session, float[] input, float[] output, int batch)
    {
        const int plane = Crop * Crop;
        for (var first = 0; first < Slices; first += batch)
        {
            var n = Math.Min(batch, Slices - first);
            session.Run(input.AsSpan(first * plane, n * plane), n, 1, Crop, Crop, output.AsSpan(first * plane, n * plane));
        }
    }
}
