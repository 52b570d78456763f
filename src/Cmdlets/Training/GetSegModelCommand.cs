using System.Management.Automation;
using MedSeg.Engine;

namespace MedSeg.Cmdlets.Training;

/// <summary>Loads packaged models and checks their files.</summary>
/// <remarks>
/// A packaged model is the folder that Start-SegTraining wrote: NAME.onnx, NAME.json (the configuration), NAME.safetensors (the
/// weights) and manifest.json with their SHA-256, the split and where the model comes from. Every file is compared with its
/// hash; a folder that was changed or copied incompletely is one error that names the file. Nothing in the folder is executed.
/// The folder of a series of trainings (Start-SegTraining with several seeds or with -Fold) gives one model, the ensemble of all, whose
/// Members are the single ones.
/// </remarks>
/// <example>
/// <para>Load a model and see how it was trained.</para>
/// <code>
/// $model = Get-SegModel ./run/my_model
/// $model.History | Format-Table
/// </code>
/// </example>
/// <example>
/// <para>List the models of all runs, the best first.</para>
/// <code>Get-SegModel ./runs/*/my_model | Sort-Object BestValidationLoss</code>
/// </example>
/// <example>
/// <para>Load the models of a cross-validation as one, and list them.</para>
/// <code>(Get-SegModel ./folds).Members | Format-Table Path, BestEpoch, BestValidationLoss</code>
/// </example>
[Cmdlet(VerbsCommon.Get, "SegModel", DefaultParameterSetName = PathSet)]
[OutputType(typeof(SegModel))]
public sealed class GetSegModelCommand : SegCmdlet
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    /// <summary>Folders of packaged models or of ensembles, or their manifest.json or ensemble.json. Wildcards are expanded.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Folders of packaged models, taken as they stand.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        bool literal = ParameterSetName == LiteralPathSet;
        foreach (string path in ResolvePaths(literal ? LiteralPath : Path, literal))
        {
            if (TryRun((observer, token) => SegEngine.LoadModel(path, observer, token), path, out SegModel? model))
                WriteObject(model);
        }
    }
}
