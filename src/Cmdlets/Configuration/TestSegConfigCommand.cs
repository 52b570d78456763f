using System.Management.Automation;
using MedSeg.Engine;

namespace MedSeg.Cmdlets.Configuration;

/// <summary>Tells what is wrong with a configuration, alone or together with a dataset, before anything runs.</summary>
/// <remarks>
/// Returns one finding per row: mistakes of the file with line and column, names of earlier versions, keys that contradict each other, keys
/// without effect and features that are not there yet. With a dataset also contrasts without images, classes without labels, missing columns,
/// an impossible split, patches larger than images, and estimates of the memory that samples and a training step take. Nothing is written;
/// of images only the headers are read. A configuration with errors of its own is not compared with the dataset. No output means that there
/// is nothing to say. docs/findings.md explains each id.
/// </remarks>
/// <example>
/// <para>Check a file.</para>
/// <code>Test-SegConfig ./spine.yaml</code>
/// </example>
/// <example>
/// <para>Check a file against the dataset that it is for.</para>
/// <code>Import-BidsDataset ./data -TargetSuffix _seg-manual | Test-SegConfig ./spine.yaml</code>
/// </example>
/// <example>
/// <para>Check a configuration from a script, and show errors only.</para>
/// <code>$data = Import-BidsDataset ./data -TargetSuffix _seg-manual
/// Test-SegConfig $config -Dataset $data | Where-Object Severity -eq Error</code>
/// </example>
/// <example>
/// <para>Stop a script where training would stop.</para>
/// <code>if (Test-SegConfig ./spine.yaml -Dataset $data | Where-Object Severity -eq Error) { throw 'Correct spine.yaml first.' }</code>
/// </example>
[Cmdlet(VerbsDiagnostic.Test, "SegConfig", DefaultParameterSetName = "Path")]
[OutputType(typeof(SegFinding))]
public sealed class TestSegConfigCommand : SegCmdlet
{
    /// <summary>Files to check. Wildcards are expanded.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Path")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Files to check, taken as they stand: [ ] and * have no special meaning.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>A configuration from New-SegConfig or Import-SegConfig.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Config")]
    [PlainConfig]
    [ValidateNotNull]
    public SegConfig Config { get; set; } = new();

    /// <summary>The dataset that the configuration is for, from Import-BidsDataset.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public BidsDataset? Dataset { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string location = ResolveOutputPath(".");
        if (ParameterSetName == "Config")
        {
            SegConfig config = Config;
            Stream((observer, token) => SegEngine.TestConfig(config, Dataset, location, observer, token), config.ModelName);
            return;
        }

        bool literal = ParameterSetName == "LiteralPath";
        foreach (string path in ResolvePaths(literal ? LiteralPath : Path, literal))
        {
            Stream((observer, token) => SegEngine.TestConfig(path, Dataset, location, observer, token), path);
        }
    }
}
