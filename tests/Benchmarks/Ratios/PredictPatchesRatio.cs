using MedSeg.Engine.Imaging;
using MedSeg.Engine.Inference;
using MedSeg.Engine.Onnx;
using MedSeg.Engine.Packaging;

namespace MedSeg.Benchmarks.Ratios;

/// <summary>
/// Predicting a picture in overlapping patches (resampling, cutting, normalising each, network, averaging, and the way back) against
/// the network alone on as many batches of patches that lie ready in memory.
/// </summary>
public sealed class PredictPatchesRatio : IRatioBenchmark
{
    private const int Size = 512;
    private const int Patch = 128;
    private const int Stride = 64;
    private const int PerAxis = ((Size - Patch) / Stride) + 1;
    private const int Filters = 16;
    private const int Rounds = 7;

    public string Name => "predict-patches";

    public RatioResult Run()
    {
        var folder = SampleVolume.TemporaryFolder();
        try
        {
            return Measure(BenchModel.Package(folder, new SegConfig
            {
                DefaultModel = { Depth = 3, NFilters = Filters, Length2D = [Patch, Patch], Stride2D = [Stride, Stride] },
                Transformation = [new("NormalizeInstance")],
            }));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private RatioResult Measure(SegModel model)
    {
        var voxels = new float[Size * Size];
        for (var i = 0; i < voxels.Length; i++)
            voxels[i] = MathF.Sin(i * 0.01f) + (i % Size / (float)Size);
        var picture = new Volume(voxels, VolumeGeometry.Axial(Size, Size, 1, 1, 1, 1));
        using var runner = new ModelRunner(model, "cpu");
        using var session = new OnnxSession(ModelPackage.OnnxPath(model));
        var batch = ModelRunner.BatchSize(Patch * Patch);
        var input = new float[batch * Patch * Patch];
        voxels.AsSpan(0, input.Length).CopyTo(input);
        var output = new float[input.Length];
        var times = Interleaved.Medians(
            Rounds, () => runner.Predict(picture, (_, _) => { }, CancellationToken.None), () => Bare(session, input, output, batch));
        return new(Name, times[0] / times[1], 1.25, new Dictionary<string, double>
        {
            ["predict_ms"] = times[0], ["session_ms"] = times[1], ["patches"] = PerAxis * PerAxis, ["batch"] = batch, ["rounds"] = Rounds,
        }, $"medians; {Size}×{Size} picture, patches of {Patch}×{Patch} with a stride of {Stride}, Unet of depth 3 with {Filters} filters");
    }

    private static void Bare(OnnxSession session, float[] input, float[] output, int batch)
    {
        for (var first = 0; first < PerAxis * PerAxis; first += batch)
        {
            var n = Math.Min(batch, (PerAxis * PerAxis) - first);
            session.Run(input.AsSpan(0, n * Patch * Patch), n, 1, Patch, Patch, output.AsSpan(0, n * Patch * Patch));
        }
    }
}
