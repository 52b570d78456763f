using MedSeg.Engine.Inference;

namespace MedSeg.Engine;

public static partial class SegEngine
{
    /// <summary>Predicts images with a model; results come one by one.</summary>
    /// <exception cref="SegException">Nothing could be predicted; an error of one image goes to the observer.</exception>
    public static IEnumerable<SegPrediction> Predict(PredictionRequest request, ISegObserver observer, CancellationToken ct) =>
        Predictor.Run(request, observer, ct);
}
