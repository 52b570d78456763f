using System.Management.Automation;
using MedSeg.Engine;

namespace MedSeg.Cmdlets.Configuration;

/// <summary>Reads configurations from JSON or YAML files.</summary>
/// <remarks>
/// The values of the file lie over the defaults, so a file needs only the keys that differ. Comments are allowed in both formats,
/// and trailing commas in JSON. Names of earlier versions of the format are converted, with a warning that tells the new name.
/// All problems of a file come in one error, each with its line, column and key; the TargetObject of the error lists them.
/// The result is a tree of typed sections: $config.TrainingParameters.BatchSize = 8 sets training_parameters.batch_size.
/// </remarks>
/// <example>
/// <para>Read a configuration and change a value.</para>
/// <code>$config = Import-SegConfig ./spine.yaml
/// $config.TrainingParameters.BatchSize = 8</code>
/// </example>
/// <example>
/// <para>Show what is wrong with a file, one problem per row.</para>
/// <code>Import-SegConfig ./broken.json -ErrorAction SilentlyContinue
/// $Error[0].TargetObject | Format-Table Line, Key, Message</code>
/// </example>
[Cmdlet(VerbsData.Import, "SegConfig", DefaultParameterSetName = "Path")]
[OutputType(typeof(SegConfig))]
public sealed class ImportSegConfigCommand : SegCmdlet
{
    /// <summary>Files to read. Wildcards are expanded.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Path")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Files to read, taken as they stand: [ ] and * have no special meaning.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        bool literal = ParameterSetName == "LiteralPath";
        foreach (string path in ResolvePaths(literal ? LiteralPath : Path, literal))
        {
            if (TryRun((observer, _) => SegEngine.ReadConfig(path, observer), path, out SegConfig? config))
            {
                WriteObject(config);
            }
        }
    }
}
