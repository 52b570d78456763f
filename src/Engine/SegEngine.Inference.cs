using MedSeg.Engine.Inference;
using MedSeg.Engine.Inference.Classification;
using MedSeg.Engine.Packaging;

namespace MedSeg.Engine;

public static partial class SegEngine
{
    /// <summary>Predicts images with a model; results come one by one.</summary>
    /// <exception cref="SegException">Nothing could be predicted; an error of one image goes to the observer.</exception>
    public static IEnumerable<SegPrediction> Predict(PredictionRequest request, ISegObserver observer, CancellationToken ct) =>
        Predictor.Run(request, observer, ct);

    /// <summary>Classifies the slices of images with a model whose task that is; results come image by image, and a table at the end.</summary>
    /// <exception cref="SegException">Nothing could be classified; an error of one image goes to the observer.</exception>
    public static IEnumerable<SegClassification> Classify(PredictionRequest request, ISegObserver observer, CancellationToken ct) =>
        Classifier.Run(request, observer, ct);

    /// <summary>By what a packaged model is modulated, for completing what one types; null without FiLM.</summary>
    /// <param name="path">Full path of the model's folder, whose other files are not looked at.</param>
    /// <exception cref="SegException"><c>ModelDamaged</c>.</exception>
    public static SegFilm? FilmOfModel(string path) => ModelPackage.PeekFilm(path);

    /// <summary>The images of a dataset that a model is to predict.</summary>
    /// <param name="dataset">Null takes the dataset that the model was trained on.</param>
    /// <param name="part">Null takes the test participants of that dataset, and all images of any other.</param>
    /// <exception cref="SegException"><c>DatasetNotFound</c> or <c>NoImages</c>.</exception>
    public static IReadOnlyList<PredictionInput> SelectForPrediction(
        SegModel model, BidsDataset? dataset, SegSplitPart? part, ISegObserver observer, CancellationToken ct) =>
        PredictionSelector.Select(model, dataset, part, observer, ct);
}
