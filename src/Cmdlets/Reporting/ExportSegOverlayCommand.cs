using System.Management.Automation;
using MedSeg.Engine;

namespace MedSeg.Cmdlets.Reporting;

/// <summary>Draws predicted masks and references on their image and writes a PNG picture.</summary>
/// <remarks>
/// The image is shown in gray, each class in a colour of its own that people with a colour-vision deficiency can tell apart: the
/// prediction as a tint, the reference as a line. Where there is tint outside the line the prediction is too large, where the
/// line holds no tint it is too small. Volumes are shown in the radiological way, the patient's right on the left. Without Slice
/// the slice with the largest reference, else prediction, is taken; SliceCount shows several slices side by side.
/// </remarks>
/// <example>
/// <para>Write one picture for each predicted image.</para>
/// <code>Invoke-SegPrediction -Model ./spine-model -Dataset $dataset | Export-SegOverlay -OutputPath ./pictures</code>
/// </example>
/// <example>
/// <para>Compare a mask with its reference on nine slices, enlarged around them.</para>
/// <code>Export-SegOverlay ./sub-01_T2w.nii.gz -Mask ./sub-01_T2w_pred.nii.gz -Reference ./sub-01_T2w_seg.nii.gz -SliceCount 9 -Crop -OutputPath ./check.png</code>
/// </example>
[Cmdlet(VerbsData.Export, "SegOverlay", DefaultParameterSetName = ObjectSet, SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportSegOverlayCommand : SegCmdlet
{
    private const string ObjectSet = "Object";
    private const string PathSet = "Path";
    private const string LiteralSet = "LiteralPath";
    private const string Extension = ".png";

    private readonly HashSet<string> _written = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Predictions of Invoke-SegPrediction, drawn with their references.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ObjectSet)]
    public SegPrediction InputObject { get; set; } = null!;

    /// <summary>The image. Wildcards are allowed where they stand for one file.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string Path { get; set; } = "";

    /// <summary>The image, taken as it stands, without wildcards.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralSet)]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string LiteralPath { get; set; } = "";

    /// <summary>Mask files to show as a tint, one for each class, without wildcards.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = PathSet)]
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralSet)]
    [Alias("Prediction")]
    public string[] Mask { get; set; } = [];

    /// <summary>Mask files to show as a line, in the order of Mask, without wildcards.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = PathSet)]
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralSet)]
    public string[] Reference { get; set; } = [];

    /// <summary>Names of the classes for the legend, in the order of Mask.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralSet)]
    public string[] Class { get; set; } = [];

    /// <summary>A .png file, or a folder in which the picture is named after the image. Without it: the folder figures of the predictions, or the current folder.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OutputPath { get; set; }

    /// <summary>How volumes are cut. Pictures are shown as they are.</summary>
    [Parameter]
    [ValidateSet("Axial", "Coronal", "Sagittal")]
    public string Plane { get; set; } = "Axial";

    /// <summary>Index of the slice to show, from 0, from right, posterior or inferior.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? Slice { get; set; }

    /// <summary>Number of slices to show, spread evenly over those that have a mask.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int SliceCount { get; set; } = 1;

    /// <summary>Show only the surroundings of the masks.</summary>
    [Parameter]
    public SwitchParameter Crop { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == ObjectSet)
        {
            Draw(
                InputObject.ImagePath, InputObject.ImageId, [.. InputObject.Classes.Select(c => new OverlayMask(c.Name, c.Path, c.ReferencePath))],
                System.IO.Path.Combine(InputObject.OutputPath, "figures"));
            return;
        }

        bool literal = ParameterSetName == LiteralSet;
        if (Find(literal ? LiteralPath : Path, literal) is { } image && FileMasks(image) is { } masks)
            Draw(image, System.IO.Path.GetFileName(image).Split('.')[0], masks, ResolveOutputPath("."));
    }

    /// <summary>Full path of the one file that a path stands for; null after an error was written.</summary>
    private string? Find(string path, bool literal)
    {
        IReadOnlyList<string> found = ResolvePaths([path], literal);
        if (found.Count > 1)
        {
            WriteError(new SegException(
                "PathAmbiguous", SegErrorKind.InvalidArgument, $"'{path}' stands for {found.Count} files.", "Name one of them.", path));
        }

        return found.Count == 1 ? found[0] : null;
    }

    /// <summary>Null after an error was written.</summary>
    private List<OverlayMask>? FileMasks(string image)
    {
        int count = Math.Max(Mask.Length, Reference.Length);
        if (count == 0)
        {
            WriteError(new SegException(
                "NoMask", SegErrorKind.InvalidArgument, $"There is nothing to draw on '{image}'.", "Give -Mask, -Reference or both.", image));
            return null;
        }

        var masks = new List<OverlayMask>();
        for (int i = 0; i < count; i++)
        {
            string name = i < Class.Length ? Class[i] : count == 1 ? "mask" : $"mask {i + 1}";
            string? mask = i < Mask.Length ? Find(Mask[i], literal: true) : null;
            string? reference = i < Reference.Length ? Find(Reference[i], literal: true) : null;
            if ((i < Mask.Length && mask is null) || (i < Reference.Length && reference is null))
                return null;
            masks.Add(new(name, mask, reference));
        }

        return masks;
    }

    private void Draw(string image, string imageId, IReadOnlyList<OverlayMask> masks, string defaultFolder)
    {
        string output = OutputPath is null ? defaultFolder : ResolveOutputPath(OutputPath);
        string file = output.EndsWith(Extension, StringComparison.OrdinalIgnoreCase)
            ? output
            : System.IO.Path.Combine(output, imageId + "_overlay" + Extension);
        if (!_written.Add(file))
        {
            WriteError(new SegException(
                "OutputTaken", SegErrorKind.InvalidArgument, $"The picture of '{image}' would replace another one of this call: '{file}'.",
                "Give a folder as -OutputPath when there are several images.", image));
            return;
        }

        if (!ShouldProcess(file, "Write overlay"))
            return;
        var request = new OverlayRequest(image, masks, file, Plane.ToLowerInvariant(), Slice, SliceCount, Crop);
        if (TryRun((_, token) => SegEngine.WriteOverlay(request, token), image))
            WriteObject(new FileInfo(file));
    }
}
