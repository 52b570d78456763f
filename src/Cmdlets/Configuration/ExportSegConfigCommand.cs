using System.Management.Automation;
using MedSeg.Engine;

namespace MedSeg.Cmdlets.Configuration;

/// <summary>The text format of a configuration file.</summary>
public enum SegConfigFormat
{
    /// <summary>YAML for .yaml and .yml, JSON for every other name.</summary>
    Auto,

    /// <summary>JSON.</summary>
    Json,

    /// <summary>YAML.</summary>
    Yaml,
}

/// <summary>Writes a configuration to a JSON or YAML file, or the JSON Schema by which editors check such files.</summary>
/// <remarks>
/// The file carries every key with its value, under the names that docs/configuration.md documents; Import-SegConfig reads it back
/// to an equal configuration. It is written under a temporary name and renamed, so that it appears whole or not at all. An
/// existing file is replaced unless NoClobber is given. With -Schema the file is a JSON Schema (draft 2020-12) of all keys with their
/// meaning, defaults and limits; docs/configuration.md tells how to give it to an editor.
/// </remarks>
/// <example>
/// <para>Write a configuration as YAML.</para>
/// <code>New-SegConfig -Contrast T2w -TargetSuffix _seg-manual | Export-SegConfig ./spine.yaml</code>
/// </example>
/// <example>
/// <para>Convert an old configuration file to today's names.</para>
/// <code>Import-SegConfig ./config_2020.json | Export-SegConfig ./config.json -PassThru</code>
/// </example>
/// <example>
/// <para>Write the schema for an editor, and a configuration beside it.</para>
/// <code>Export-SegConfig -Schema ./medseg.schema.json
/// New-SegConfig -Contrast T2w -TargetSuffix _seg-manual | Export-SegConfig ./spine.json</code>
/// </example>
[Cmdlet(VerbsData.Export, "SegConfig", SupportsShouldProcess = true, DefaultParameterSetName = "Config")]
[OutputType(typeof(FileInfo))]
public sealed class ExportSegConfigCommand : SegCmdlet
{
    private bool _written;

    /// <summary>The configuration to write.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Config")]
    [PlainConfig]
    [ValidateNotNull]
    public SegConfig Config { get; set; } = new();

    /// <summary>Write the JSON Schema of configuration files instead of a configuration.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Schema")]
    public SwitchParameter Schema { get; set; }

    /// <summary>The file to write, taken as it stands. Missing folders are created.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("LiteralPath")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Auto goes by the extension of the file; Json and Yaml say it.</summary>
    [Parameter(ParameterSetName = "Config")]
    public SegConfigFormat Format { get; set; }

    /// <summary>Do not replace an existing file.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Return the file.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string path = ResolveOutputPath(Path);
        if (_written)
        {
            Throw(new SegException(
                "ConfigFileTaken",
                SegErrorKind.InvalidArgument,
                $"'{path}' already holds the first configuration of the pipeline.",
                "Export each configuration to its own file, for example in ForEach-Object.",
                path));
        }

        if (NoClobber && File.Exists(path))
        {
            Throw(new SegException("FileExists", SegErrorKind.Resource, $"'{path}' exists.", "Choose another name, or leave out -NoClobber.", path));
        }

        if (!ShouldProcess(path, Schema ? "Write JSON Schema" : "Write configuration"))
        {
            return;
        }

        Write(path);
        _written = true;
        if (PassThru)
        {
            WriteObject(new FileInfo(path));
        }
    }

    private void Write(string path)
    {
        if (Schema)
        {
            Run((_, _) => SegEngine.WriteConfigSchema(path), path);
            return;
        }

        bool? yaml = Format == SegConfigFormat.Auto ? null : Format == SegConfigFormat.Yaml;
        Run((_, _) => SegEngine.WriteConfig(Config, path, yaml), path);
    }
}
