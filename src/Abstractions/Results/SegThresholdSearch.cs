using System.Text.Json.Serialization;

namespace MedSeg;

/// <summary>What the best threshold is to do.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SegThresholdCriterion>))]
public enum SegThresholdCriterion
{
    /// <summary>Make the mean Dice as high as possible.</summary>
    Dice,

    /// <summary>Make recall + specificity − 1 (Youden's index) as high as possible.</summary>
    Roc,
}

/// <summary>How well masks at one threshold agree with their references.</summary>
/// <param name="Threshold">0 to 1.</param>
/// <param name="Dice">Mean over the images where it is defined; null when there is none. So are the others.</param>
/// <param name="Recall">True positives / all that is labelled.</param>
/// <param name="Specificity">True negatives / all that is not labelled.</param>
public sealed record SegThresholdPoint(double Threshold, double? Dice, double? Recall, double? Specificity);

/// <summary>The search for the threshold that suits a trained network best.</summary>
/// <param name="Threshold">The best one; of several equally good ones the largest.</param>
/// <param name="Criterion">By which it is the best.</param>
/// <param name="Increment">Step between the thresholds tried.</param>
/// <param name="Images">Number of training and validation images looked at.</param>
/// <param name="Points">Every threshold tried, ascending.</param>
public sealed record SegThresholdSearch(
    double Threshold, SegThresholdCriterion Criterion, double Increment, int Images, IReadOnlyList<SegThresholdPoint> Points)
{
    public override string ToString() =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Threshold} ({Criterion} over {Images} images)");
}
