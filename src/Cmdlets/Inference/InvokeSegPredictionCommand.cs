using System.Management.Automation;
using MedSeg.Cmdlets.Devices;
using MedSeg.Engine;

namespace MedSeg.Cmdlets.Inference;

/// <summary>Segments images with a trained model and writes the masks, or classifies their slices and writes a table.</summary>
/// <remarks>
/// One mask per image and class: NIfTI with 0 and 1 on the grid, with the affine and the orientation of its image, or PNG with 0
/// and 255 for 2D images. They form a BIDS derivatives dataset, for example sub-01/anat/sub-01_T2w_seg-manual_pred.nii.gz, each
/// with a JSON sidecar that names the model, its SHA-256, the threshold and the source. A voxel belongs to a class where its
/// probability is at least the threshold; classes are decided one by one, so masks may overlap. Images are never written to.
/// Without images, the model predicts the test participants of the dataset that it was trained on. An image that cannot be
/// predicted is one error, and the others go on. Results come as soon as each image is done.
/// A model of several channels takes images together whose names differ in nothing but the contrast, for example sub-01_T1w.nii.gz
/// and sub-01_T2w.nii.gz; the result is named after the first channel, and images without a partner are left out with a warning. A
/// model of patches cuts every slice as in training and averages where patches overlap. A model of volumes (is_2d false, Modified3DUNet)
/// does so in three dimensions.
/// An ensemble, from several seeds or a cross-validation, predicts the mean of its models' probabilities. Of the dataset that it was trained
/// on, each test image is predicted by those models that have not seen it: after a cross-validation, every image by one.
/// A model that classifies gives one object per slice, with the probability of each class, and no masks: all slices are in
/// NAME_classification.csv in the output folder when the last image is done. Classes[].Reference says what the manual label has.
/// </remarks>
/// <example>
/// <para>Train, predict the test participants and measure the result.</para>
/// <code>Import-BidsDataset ./data | Start-SegTraining -Config $cfg | Invoke-SegPrediction | Measure-SegMetrics | Format-Table</code>
/// </example>
/// <example>
/// <para>Segment all NIfTI files of a folder with a model from disk.</para>
/// <code>Get-ChildItem ./new/*.nii.gz | Invoke-SegPrediction -Model ./run/my_model -OutputPath ./masks</code>
/// </example>
/// <example>
/// <para>Predict every image of a dataset, and keep the probabilities too.</para>
/// <code>Import-BidsDataset ./data | Invoke-SegPrediction -Model ./run/my_model -Split All -Soft</code>
/// </example>
/// <example>
/// <para>A model of patches, once with patches that share 64 pixels and once on whole slices.</para>
/// <code>
/// Get-ChildItem ./new/*.png | Invoke-SegPrediction -Model ./run/axons -PatchOverlap 64 -OutputPath ./masks
/// Get-ChildItem ./new/*.png | Invoke-SegPrediction -Model ./run/axons -NoPatch -OutputPath ./whole
/// </code>
/// </example>
/// <example>
/// <para>A model of volumes with patches that share 32 voxels along width and height and 8 along the depth.</para>
/// <code>Get-ChildItem ./new/*.nii.gz | Invoke-SegPrediction -Model ./run/tumour -PatchOverlap 32, 32, 8 -OutputPath ./masks</code>
/// </example>
/// <example>
/// <para>After a cross-validation: every participant by the model that has not seen him, and new images by all models together.</para>
/// <code>
/// Invoke-SegPrediction ./folds | Measure-SegMetrics
/// Get-ChildItem ./new/*.nii.gz | Invoke-SegPrediction -Model ./folds -OutputPath ./masks
/// </code>
/// </example>
/// <example>
/// <para>List the slices in which a classifier finds something.</para>
/// <code>Get-ChildItem ./new/*.nii.gz | Invoke-SegPrediction -Model ./run/lesion_or_not | Where-Object { $_.Classes.IsPresent -contains $true }</code>
/// </example>
/// <example>
/// <para>A model that is modulated by the contrast, on files whose names do not tell it.</para>
/// <code>Get-ChildItem ./scans/*.nii.gz | Invoke-SegPrediction -Model ./run/cord -Metadata T2w -OutputPath ./masks</code>
/// </example>
[Cmdlet(VerbsLifecycle.Invoke, "SegPrediction", DefaultParameterSetName = ModelSet, SupportsShouldProcess = true)]
[OutputType(typeof(SegPrediction), typeof(SegClassification))]
public sealed class InvokeSegPredictionCommand : SegCmdlet
{
    private const string ModelSet = "Model";
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";
    private const string DatasetSet = "Dataset";
    private const string ImageSet = "Image";

    private readonly List<PredictionInput> _inputs = [];
    private readonly HashSet<string> _piped = new(StringComparer.Ordinal);
    private bool _modelIsGiven;
    private SegModel? _model;

    /// <summary>
    /// The model: a SegModel from Start-SegTraining or Get-SegModel, or the folder of a packaged model or of an ensemble. The summary of a
    /// series of trainings stands for its ensemble; where its models have come down the pipeline before it, it adds nothing.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ModelSet, ValueFromPipeline = true)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = DatasetSet, ValueFromPipeline = true)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = LiteralPathSet)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ImageSet)]
    [ValidateNotNull]
    public PSObject Model { get; set; } = null!;

    /// <summary>Images to segment. Wildcards are expanded.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = PathSet, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Images to segment, taken as they stand.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>A dataset from Import-BidsDataset. Its images of the contrasts that the model names for testing are segmented.</summary>
    [Parameter(Mandatory = true, ParameterSetName = DatasetSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public BidsDataset Dataset { get; set; } = null!;

    /// <summary>Single images of a dataset.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ImageSet, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public BidsImage[] Image { get; set; } = [];

    /// <summary>
    /// Which participants of the model's split. Without it, the test participants of a dataset that the model was trained on, and all
    /// images of any other dataset. Parts other than All take only images that have a label.
    /// </summary>
    [Parameter(ParameterSetName = ModelSet)]
    [Parameter(ParameterSetName = DatasetSet)]
    public SegSplitPart? Split { get; set; }

    /// <summary>
    /// Folder of the derivatives dataset. Without it, predictions in the folder of the training run, or predictions/NAME in the
    /// current location.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OutputPath { get; set; }

    /// <summary>Auto, Cpu, Cuda or Cuda:N; Get-SegDevice lists what there is.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    public string Device { get; set; } = "Auto";

    /// <summary>Probability from which a voxel belongs to a class, 0 to 1; the model's own without it.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double? Threshold { get; set; }

    /// <summary>Also write the probabilities, as float32 NIfTI files ending in _prob.</summary>
    [Parameter]
    public SwitchParameter Soft { get; set; }

    /// <summary>Take slices or volumes whole though the model was trained on patches. It needs more memory and fewer steps.</summary>
    [Parameter]
    public SwitchParameter NoPatch { get; set; }

    /// <summary>
    /// Pixels that neighbouring patches share: one number, or two for width and height, of volumes three for width, height and depth.
    /// Without it, the strides of training. A larger overlap takes longer and smooths the seams.
    /// </summary>
    [Parameter]
    [ValidateCount(1, 3)]
    [ValidateRange(0, 65535)]
    public int[]? PatchOverlap { get; set; }

    /// <summary>
    /// For a model with FiLM: what modulates all images, over what they say themselves. One value for a model of contrasts or of a
    /// column, for example T2w; a hashtable for mri_params, which may leave out what the images' sidecars have.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(FilmCategoryCompleter))]
    public PSObject? Metadata { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => _modelIsGiven = MyInvocation.BoundParameters.ContainsKey(nameof(Model));

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!_modelIsGiven)
        {
            // Models come down the pipeline, each for all the images.
            _model = null;
            _inputs.Clear();
            if (IsSummaryOfPiped())
                return;
        }

        if (_model is null && !TryLoadModel())
            return;
        AddInputs(_model!);
        if (!_modelIsGiven)
            Predict(_model!);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_modelIsGiven && _model is not null)
            Predict(_model);
    }

    /// <summary>Start-SegTraining gives each model of a series and then their summary: the images have been predicted by then.</summary>
    private bool IsSummaryOfPiped()
    {
        if (Model.BaseObject is SegModel model)
            _piped.Add(model.Path);
        return Model.BaseObject is SegTrainingSummary { Ensemble.Members: { } members } && members.All(member => _piped.Contains(member.Path));
    }

    /// <summary>A model that was given once is all there is, so its errors end the cmdlet; after a piped one comes the next.</summary>
    private bool TryLoadModel()
    {
        _model = Model.BaseObject as SegModel ?? (Model.BaseObject as SegTrainingSummary)?.Ensemble;
        if (_model is not null)
            return true;
        SegException? error = null;
        try
        {
            string folder = Model.BaseObject switch
            {
                string path => ResolveOne(path),
                FileSystemInfo info => info.FullName,
                _ => throw new SegException(
                    "NotAModel", SegErrorKind.InvalidArgument, $"A {Model.BaseObject.GetType().Name} is not a model.",
                    "Give a SegModel or the folder of a packaged model with -Model.", Model.BaseObject),
            };
            if (_modelIsGiven)
                _model = Run((observer, token) => SegEngine.LoadModel(folder, observer, token), folder);
            else if (TryRun((observer, token) => SegEngine.LoadModel(folder, observer, token), folder, out SegModel? loaded))
                _model = loaded;
        }
        catch (SegException e)
        {
            error = e;
        }

        if (error is not null && _modelIsGiven)
            Throw(error, Model.BaseObject);
        else if (error is not null)
            WriteError(error, Model.BaseObject);
        return _model is not null;
    }

    private void AddInputs(SegModel model)
    {
        switch (ParameterSetName)
        {
            case PathSet:
                AddFiles(ResolvePaths(Path, literal: false));
                break;
            case LiteralPathSet:
                AddFiles(ResolvePaths(LiteralPath, literal: true));
                break;
            case ImageSet:
                _inputs.AddRange(Image.Select(image => new PredictionInput(image.Path, image)));
                break;
            case ModelSet when _modelIsGiven:
                _inputs.AddRange(Run((observer, token) => SegEngine.SelectForPrediction(model, null, Split, observer, token), model));
                break;
            default:
                BidsDataset? dataset = ParameterSetName == DatasetSet ? Dataset : null;
                if (TryRun((observer, token) => SegEngine.SelectForPrediction(model, dataset, Split, observer, token), dataset ?? (object)model, out var chosen))
                    _inputs.AddRange(chosen);
                break;
        }
    }

    private void AddFiles(IEnumerable<string> paths)
    {
        foreach (string path in paths)
        {
            if (!Directory.Exists(path))
            {
                _inputs.Add(new PredictionInput(path, null));
                continue;
            }

            WriteError(
                new SegException(
                    "PathIsFolder", SegErrorKind.InvalidArgument, $"'{path}' is a folder, not an image.",
                    "Give its files, or import it with Import-BidsDataset when it is a dataset.", path),
                path);
        }
    }

    private void Predict(SegModel model)
    {
        if (_inputs.Count == 0)
            return;
        string output = OutputPath is not null ? ResolveOutputPath(OutputPath)
            : model.RunPath is not null ? System.IO.Path.Combine(model.RunPath, "predictions")
            : ResolveOutputPath(System.IO.Path.Combine("predictions", model.Name));
        bool classifies = model.Task == SegTask.Classification;
        if (!ShouldProcess(output, $"{(classifies ? "Classify" : "Segment")} {_inputs.Count} images with {model.Name}"))
            return;
        var request = new PredictionRequest(model, [.. _inputs], output, Device, Threshold, Soft)
        {
            WholeSlices = NoPatch, PatchOverlap = PatchOverlap, Metadata = MetadataTexts.Of(Metadata),
        };
        if (classifies)
            Stream((observer, token) => SegEngine.Classify(request, observer, token), model, terminating: _modelIsGiven);
        else
            Stream((observer, token) => SegEngine.Predict(request, observer, token), model, terminating: _modelIsGiven);
    }
}
