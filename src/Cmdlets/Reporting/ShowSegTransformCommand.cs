using System.Management.Automation;
using MedSeg.Cmdlets.Configuration;
using MedSeg.Engine;

namespace MedSeg.Cmdlets.Reporting;

/// <summary>Draws an image and its label after each transform of a configuration and writes a PNG picture.</summary>
/// <remarks>
/// The transforms run as they do in training: first those of the load stage, then those of the access stage, each drawn once, and
/// every tile shows what the next transform gets. Under a tile are the transform, the stage, the size in voxels and mm, the range
/// of gray values, and what was drawn; for transforms that draw nothing, what the configuration says. Each tile has its own gray
/// window. Labels are a tint, as strong as the label is, with a line where the label reaches one half. Each row is one sample with
/// a draw of its own; the same seed gives the same picture. Where samples are volumes the middle slice of the whole volume is shown.
/// Patches are not cut: where a configuration trains on patches, the access stage sees more at once here than in training. Random
/// transforms are not part of testing.
/// </remarks>
/// <example>
/// <para>See what a configuration does to one image.</para>
/// <code>Show-SegTransform ./config.yaml ./sub-01_T2w.nii.gz -Label ./sub-01_T2w_seg-manual.nii.gz -OutputPath ./transforms.png</code>
/// </example>
/// <example>
/// <para>Four slices of each image of a dataset, with the labels that the configuration names.</para>
/// <code>Import-BidsDataset ./data | Show-SegTransform $config -Count 4 -OutputPath ./sheets</code>
/// </example>
/// <example>
/// <para>List the angles of ten draws.</para>
/// <code>(Show-SegTransform $config ./sub-01_T2w.nii.gz -Slice 8 -Count 10).Steps | Where-Object Name -EQ RandomAffine | ForEach-Object { $_.Parameters['angle'] }</code>
/// </example>
[Cmdlet(VerbsCommon.Show, "SegTransform", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
[OutputType(typeof(SegTransformSheet))]
public sealed class ShowSegTransformCommand : SegCmdlet
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";
    private const string DatasetSet = "Dataset";
    private const string ImageSet = "Image";
    private const string Extension = ".png";

    private readonly HashSet<string> _written = new(StringComparer.OrdinalIgnoreCase);
    private SegConfig? _config;

    /// <summary>The configuration: a SegConfig from New-SegConfig or Import-SegConfig, or the path of a JSON or YAML file.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [PlainConfig]
    [ValidateNotNull]
    public PSObject Config { get; set; } = null!;

    /// <summary>Images of one channel: NIfTI, PNG, TIFF or JPEG. Wildcards are expanded.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = PathSet, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Images, taken as they stand.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>A dataset from Import-BidsDataset; one picture for each of its images.</summary>
    [Parameter(Mandatory = true, ParameterSetName = DatasetSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public BidsDataset Dataset { get; set; } = null!;

    /// <summary>Single images of a dataset.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ImageSet, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public BidsImage[] Image { get; set; } = [];

    /// <summary>Label files of the image, one for each class, without wildcards. Images of datasets bring their own.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public string[] Label { get; set; } = [];

    /// <summary>The label file that marks the region of interest, for ROICrop. Images of datasets bring their own.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    public string? Roi { get; set; }

    /// <summary>A .png file, or a folder in which the picture is named after the image; the current folder without it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string OutputPath { get; set; } = ".";

    /// <summary>Whose transforms to show.</summary>
    [Parameter]
    [ValidateSet("Training", "Validation", "Testing")]
    public string Part { get; set; } = "Training";

    /// <summary>Seed of the draws.</summary>
    [Parameter]
    public int Seed { get; set; }

    /// <summary>Index of the slice to show, from 0, along the configuration's slice axis; the one with the largest label without it.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? Slice { get; set; }

    /// <summary>
    /// Number of samples to show, each in a row with a draw of its own: slices spread evenly over those with a label, or the same slice,
    /// picture or volume again where there is no other.
    /// </summary>
    [Parameter]
    [ValidateRange(1, 12)]
    public int Count { get; set; } = 1;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        _config ??= ReadConfig(Config);
        IEnumerable<BidsImage>? images = ParameterSetName switch { DatasetSet => Dataset.Images, ImageSet => Image, _ => null };
        if (images is null)
            DrawFiles();
        else
        {
            foreach (BidsImage image in images)
                Draw(SegEngine.TransformSheetOf(image, _config));
        }
    }

    private void DrawFiles()
    {
        bool literal = ParameterSetName == LiteralPathSet;
        IReadOnlyList<string> labels = ResolvePaths(Label, literal: true);
        IReadOnlyList<string> roi = Roi is null ? [] : ResolvePaths([Roi], literal: true);
        if (labels.Count < Label.Length || (Roi is not null && roi.Count == 0))
            return;
        foreach (string path in ResolvePaths(literal ? LiteralPath : Path, literal))
            Draw(SegEngine.TransformSheetOf(path, labels, roi.Count > 0 ? roi[0] : null, _config!));
    }

    private void Draw(TransformSheetRequest image)
    {
        string output = ResolveOutputPath(OutputPath);
        string file = output.EndsWith(Extension, StringComparison.OrdinalIgnoreCase) ? output : System.IO.Path.Combine(output, image.OutputPath);
        if (!_written.Add(file))
        {
            WriteError(new SegException(
                "OutputTaken", SegErrorKind.InvalidArgument, $"The picture of '{image.ImagePath}' would replace another one of this call: '{file}'.",
                "Give a folder as -OutputPath when there are several images.", image.ImagePath));
            return;
        }

        if (!ShouldProcess(file, "Write contact sheet"))
            return;
        TransformSheetRequest request = image with { OutputPath = file, Part = Part.ToLowerInvariant(), Seed = Seed, Slice = Slice, Count = Count };
        if (TryRun((observer, token) => SegEngine.WriteTransformSheet(request, observer, token), image.ImagePath, out SegTransformSheet? sheet))
            WriteObject(sheet);
    }
}
