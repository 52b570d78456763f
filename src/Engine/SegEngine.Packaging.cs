using MedSeg.Engine.Onnx;
using MedSeg.Engine.Packaging;

namespace MedSeg.Engine;

public static partial class SegEngine
{
    /// <summary>Writes the network of a packaged model as an ONNX file.</summary>
    /// <param name="path">Full path; an existing file is replaced.</param>
    /// <param name="dropout">Keep dropout live behind an input of the file.</param>
    /// <param name="seed">Of its draws.</param>
    /// <exception cref="SegException">
    /// <c>ModelIsEnsemble</c>, <c>OutputIsModel</c>, <c>NoDropout</c>, <c>ModelDamaged</c>, <c>DiskFull</c> or <c>CannotWrite</c>.
    /// </exception>
    public static void ExportModel(SegModel model, string path, bool dropout, long seed, CancellationToken ct) =>
        ModelExporter.Write(model, path, new OnnxExportOptions(dropout, seed), ct);
}
