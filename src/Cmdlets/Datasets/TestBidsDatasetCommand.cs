using System.Management.Automation;
using MedSeg.Engine;

namespace MedSeg.Cmdlets.Datasets;

/// <summary>Looks for what is wrong with BIDS datasets before they are used.</summary>
/// <remarks>
/// Returns one BidsFinding for each thing noticed: names, tables, sidecars, missing or misfiled labels, damaged files, grids and
/// orientations that do not go together. With -Deep also what only the voxels show: NaN, empty masks, damaged compression, copies of
/// one image in several subjects. docs/findings.md describes each id with an example. Nothing is written. Findings come while the work goes on,
/// always in the same order: dataset by dataset, subject by subject, comparisons between subjects last. All datasets of one call are
/// compared with each other. A folder that does not exist is one error, and the others are checked.
/// </remarks>
/// <example>
/// <para>Check a dataset by its names, tables and headers.</para>
/// <code>Test-BidsDataset ./data</code>
/// </example>
/// <example>
/// <para>Read every voxel, too, and write what matters to a table.</para>
/// <code>Test-BidsDataset ./data -Deep -MinimumSeverity Warning | Export-Csv findings.csv</code>
/// </example>
/// <example>
/// <para>Look for images that two datasets share; subjects of one name count as one person.</para>
/// <code>Test-BidsDataset ./site-a, ./site-b -Deep | Where-Object Id -In DuplicateImage, RepeatedImage</code>
/// </example>
/// <example>
/// <para>Check only the images and labels that a training is to use.</para>
/// <code>Import-BidsDataset ./data -Config ./config.json | Test-BidsDataset -Deep</code>
/// </example>
/// <example>
/// <para>Check images whose names are not of the BIDS standard.</para>
/// <code>Test-BidsDataset ./archive -BidsConfig ./names.json</code>
/// </example>
[Cmdlet(VerbsDiagnostic.Test, "BidsDataset", DefaultParameterSetName = PathSet)]
[OutputType(typeof(BidsFinding))]
public sealed class TestBidsDatasetCommand : SegCmdlet
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";
    private const string ObjectSet = "Object";

    private readonly List<string> _roots = [];
    private readonly List<BidsDataset> _datasets = [];

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
    /// Datasets from Import-BidsDataset. Their images and labels are opened, so that filters given there hold here; names and tables are
    /// those of the whole folders.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = ObjectSet, ValueFromPipeline = true)]
    public BidsDataset[] InputObject { get; set; } = [];

    /// <summary>Read the voxels of every image and label, too. Takes as long as reading the whole dataset once.</summary>
    [Parameter]
    public SwitchParameter Deep { get; set; }

    /// <summary>A JSON file with patterns for names and places that are not of the BIDS standard; see docs/data.md. A dataset from the pipeline has its own.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    public string? BidsConfig { get; set; }

    /// <summary>Also check images that have a subject and a suffix but do not lie where the BIDS standard wants them.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter SkipValidation { get; set; }

    /// <summary>Return only findings that are at least so serious: Information (all), Warning or Error.</summary>
    [Parameter]
    public FindingSeverity MinimumSeverity { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == ObjectSet)
            _datasets.AddRange(InputObject);
        else if (ParameterSetName == LiteralPathSet)
            _roots.AddRange(ResolvePaths(LiteralPath, literal: true));
        else
            _roots.AddRange(ResolveRoots(Path));
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_roots.Count == 0 && _datasets.Count == 0)
            return;
        var request = new DatasetCheckRequest(_roots, _datasets, Deep, MinimumSeverity)
        {
            BidsConfig = BidsConfig is null ? null : ResolvePath(BidsConfig),
            Validate = !SkipValidation,
        };
        Stream((observer, token) => SegEngine.TestDataset(request, observer, token));
    }
}
