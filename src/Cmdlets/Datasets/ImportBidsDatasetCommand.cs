using System.Management.Automation;
using MedSeg.Cmdlets.Configuration;
using MedSeg.Engine;

namespace MedSeg.Cmdlets.Datasets;

/// <summary>Indexes one or several BIDS datasets.</summary>
/// <remarks>
/// Looks at the raw tree (sub-…[/ses-…]/datatype), at the labels below derivatives, at participants.tsv, samples.tsv, sessions.tsv and
/// scans.tsv, and at the JSON sidecars with their inheritance. Nothing is written and no voxel is read. All paths of one call, given or piped, become
/// one BidsDataset with several roots; call the cmdlet once per dataset to get several. What is wrong with a dataset does not
/// stop the import: it becomes a finding (docs/findings.md), and findings that matter are shown as warnings.
/// Contrasts and target suffixes are matched exactly and with case.
/// </remarks>
/// <example>
/// <para>Index a dataset and see what it holds.</para>
/// <code>Import-BidsDataset ./data</code>
/// </example>
/// <example>
/// <para>Take the T2w images and their cord labels only, and look at the findings.</para>
/// <code>
/// $dataset = Import-BidsDataset ./data -Contrast T2w -TargetSuffix _seg-cord
/// $dataset.Findings
/// </code>
/// </example>
/// <example>
/// <para>Index two datasets as one and train on both.</para>
/// <code>Import-BidsDataset ./site-a, ./site-b | Start-SegTraining -Config ./config.json</code>
/// </example>
/// <example>
/// <para>Take what a configuration asks for, its raters and its region of interest included, and see which images lack a label.</para>
/// <code>(Import-BidsDataset ./data -Config ./config.json).Findings | Where-Object Id -In MissingLabel, MissingRoi</code>
/// </example>
/// <example>
/// <para>Read images whose names are not of the BIDS standard by the patterns of a file, and see what was understood.</para>
/// <code>Import-BidsDataset ./archive -BidsConfig ./names.json | Get-BidsTable | Format-Table filename, subject, session, suffix</code>
/// </example>
[Cmdlet(VerbsData.Import, "BidsDataset", DefaultParameterSetName = PathSet)]
[OutputType(typeof(BidsDataset))]
public sealed class ImportBidsDatasetCommand : SegCmdlet
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    private readonly List<string> _roots = [];

    /// <summary>Folders that hold the sub-… folders. Wildcards stand for folders.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Folders that hold the sub-… folders, taken as they stand.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>
    /// A configuration (SegConfig, or the path of a JSON or YAML file): take the contrasts, extensions and patterns that it names, and the labels of
    /// its classes, raters and region of interest. The other parameters come before it.
    /// </summary>
    [Parameter]
    [PlainConfig]
    [ValidateNotNull]
    public PSObject? Config { get; set; }

    /// <summary>Only images of these contrasts: a BIDS suffix (T2w) or an acquisition with its suffix (acq-MTon_MTS).</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DatasetFilterCompleter))]
    public string[] Contrast { get; set; } = [];

    /// <summary>Only labels with these suffixes, for example _seg-manual.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] TargetSuffix { get; set; } = [];

    /// <summary>Only images with these extensions, for example .nii.gz or .png.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DatasetFilterCompleter))]
    public string[] Extension { get; set; } = [];

    /// <summary>A JSON file with patterns for names and places that are not of the BIDS standard; see docs/data.md.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? BidsConfig { get; set; }

    /// <summary>Also read images that have a subject and a suffix but do not lie where the BIDS standard wants them.</summary>
    [Parameter]
    public SwitchParameter SkipValidation { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == LiteralPathSet)
            _roots.AddRange(ResolvePaths(LiteralPath, literal: true));
        else
            _roots.AddRange(ResolveRoots(Path));
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_roots.Count == 0)
            return;
        DatasetRequest request = Request();
        BidsDataset dataset = Run((observer, token) => SegEngine.ImportDataset(request, observer, token), string.Join(", ", _roots));
        WarnOfFindings(dataset);
        WriteObject(dataset);
    }

    /// <summary>What the configuration asks for, with the parameters over it.</summary>
    private DatasetRequest Request()
    {
        DatasetRequest request = new(_roots, [], [], []);
        if (Config is not null)
        {
            SegConfig config = ReadConfig(Config);
            string location = ResolveOutputPath(".");
            request = SegEngine.DatasetRequestOf(config, _roots, location);
        }

        return request with
        {
            Contrasts = Contrast.Length > 0 ? Contrast : request.Contrasts,
            TargetSuffixes = TargetSuffix.Length > 0 ? TargetSuffix : request.TargetSuffixes,
            Extensions = Extension.Length > 0 ? Extension : request.Extensions,
            BidsConfig = BidsConfig is null ? request.BidsConfig : ResolvePath(BidsConfig),
            Validate = request.Validate && !SkipValidation,
        };
    }
}
