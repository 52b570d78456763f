using System.Management.Automation;
using System.Text.RegularExpressions;
using MedSeg.Engine;

namespace MedSeg.Cmdlets.Evaluation;

/// <summary>Compares predicted masks with their references: overlap, volumes and surface distances.</summary>
/// <remarks>
/// For each image and class one object with Dice, IoU, precision, recall, specificity, the volumes in mm³, their relative and
/// absolute difference, and the Hausdorff distance, its 95th percentile and the average symmetric surface distance in mm. A figure
/// that is not defined, as the Dice of two empty masks, is NaN. docs/metrics.md has the definitions. Predictions from
/// Invoke-SegPrediction know their references; files are given in pairs. A pair that cannot be compared is one error, and the
/// others go on.
/// </remarks>
/// <example>
/// <para>Predict the test images of a model and write a table of the metrics.</para>
/// <code>Invoke-SegPrediction -Model ./spine-model -Dataset $dataset | Measure-SegMetrics | Export-Csv metrics.csv</code>
/// </example>
/// <example>
/// <para>Compare two mask files.</para>
/// <code>Measure-SegMetrics -Prediction ./pred/sub-01_T2w_seg.nii.gz -Reference ./labels/sub-01_T2w_seg-manual.nii.gz</code>
/// </example>
/// <example>
/// <para>Take the pairs from a table with the columns Prediction and Reference, and keep what is below 0.8.</para>
/// <code>Import-Csv pairs.csv | Measure-SegMetrics | Where-Object Dice -LT 0.8</code>
/// </example>
[Cmdlet(VerbsDiagnostic.Measure, "SegMetrics", DefaultParameterSetName = ObjectSet)]
[Alias("Measure-SegMetric")]
[OutputType(typeof(SegMetrics))]
public sealed partial class MeasureSegMetricsCommand : SegCmdlet
{
    private const string ObjectSet = "Object";
    private const string FileSet = "File";
    private const string ClassificationSet = "Classification";

    /// <summary>Predictions of Invoke-SegPrediction. Each class that has a reference is compared with it.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ObjectSet)]
    public SegPrediction InputObject { get; set; } = null!;

    /// <summary>Results of a model that classifies slices have no masks to compare: an error says what to do instead.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ClassificationSet, DontShow = true)]
    public SegClassification Classification { get; set; } = null!;

    /// <summary>Mask files to judge, without wildcards. The first is compared with the first reference, and so on.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = FileSet)]
    [Alias("PredictionPath")]
    [ValidateNotNullOrEmpty]
    public string[] Prediction { get; set; } = [];

    /// <summary>Mask files that are taken as the truth, one for each prediction.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = FileSet)]
    [Alias("ReferencePath")]
    [ValidateNotNullOrEmpty]
    public string[] Reference { get; set; } = [];

    /// <summary>Name of the class that the files show, for the Class column.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = FileSet)]
    [ValidateNotNullOrEmpty]
    public string Class { get; set; } = "mask";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == ClassificationSet)
            RefuseClassification(Classification);
        else if (ParameterSetName == FileSet)
            MeasureFiles();
        else
            MeasurePrediction(InputObject);
    }

    private void RefuseClassification(SegClassification slice) => Throw(
        new SegException(
            "NoMasks", SegErrorKind.InvalidArgument, $"{slice.ModelName} classifies slices: there are no masks of '{slice.ImagePath}' to compare.",
            "Count its decisions against the labels instead: … | ForEach-Object Classes | Group-Object Name, IsPresent, Reference. "
            + "Validation figures of each epoch are in the model's History.",
            slice.ImagePath),
        slice);

    private void MeasurePrediction(SegPrediction prediction)
    {
        foreach (SegPredictedClass predicted in prediction.Classes)
        {
            if (predicted.ReferencePath is null)
            {
                WriteError(new SegException(
                    "NoReference", SegErrorKind.NotFound, $"There is no reference for class '{predicted.Name}' of '{prediction.ImagePath}'.",
                    $"Add a label with the suffix '{predicted.Suffix}' to the dataset, or leave this image out.", prediction.ImagePath));
                continue;
            }

            Measure(new(
                predicted.Path, predicted.ReferencePath, prediction.ImageId, prediction.Subject, prediction.Contrast, predicted.Name));
        }
    }

    private void MeasureFiles()
    {
        if (Prediction.Length != Reference.Length)
        {
            WriteError(new SegException(
                "PairsIncomplete", SegErrorKind.InvalidArgument,
                $"There are {Prediction.Length} predictions and {Reference.Length} references.",
                "Give one reference for each prediction, in the same order.", Prediction));
            return;
        }

        for (int i = 0; i < Prediction.Length; i++)
        {
            if (ResolvePaths([Prediction[i]], literal: true) is not [var prediction] || ResolvePaths([Reference[i]], literal: true) is not [var reference])
                continue;
            string id = Path.GetFileName(prediction).Split('.')[0];
            Match subject = SubjectName().Match(id);
            Measure(new(prediction, reference, id, subject.Success ? subject.Value : null, null, Class));
        }
    }

    private void Measure(MetricsRequest request)
    {
        if (TryRun((observer, token) => SegEngine.Measure(request, observer, token), request.PredictionPath, out SegMetrics? metrics))
            WriteObject(metrics);
    }

    [GeneratedRegex("^sub-[A-Za-z0-9]+")]
    private static partial Regex SubjectName();
}
