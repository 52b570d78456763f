using System.Management.Automation;
using MedSeg.Engine;

namespace MedSeg.Cmdlets.Training;

/// <summary>Writes the network of a packaged model as an ONNX file for other programs, also with dropout that stays live.</summary>
/// <remarks>
/// A packaged model has an ONNX file already. This one is made anew from the package's weights. With -Dropout it has a further input 'dropout',
/// one boolean: true drops feature maps as in training, so that repeated runs differ and their spread tells how sure the network is
/// (Monte-Carlo dropout); false gives what the packaged file gives. docs/networks.md says what seeds are worth. The file is
/// written whole or not at all; folders of packaged models are left as they are.
/// </remarks>
/// <example>
/// <para>A file for Monte-Carlo sampling.</para>
/// <code>Get-SegModel ./run/my_model | Export-SegModel ./my_model_mc.onnx -Dropout -Seed 1</code>
/// </example>
/// <example>
/// <para>Each member of a cross-validation.</para>
/// <code>(Get-SegModel ./folds).Members | ForEach-Object { $_ | Export-SegModel "./fold$((++$n)).onnx" -Dropout -PassThru }</code>
/// </example>
[Cmdlet(VerbsData.Export, "SegModel", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportSegModelCommand : SegCmdlet
{
    private bool _written;

    /// <summary>The model: a SegModel from Start-SegTraining or Get-SegModel, or the folder of a packaged model.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ValidateNotNull]
    public PSObject Model { get; set; } = null!;

    /// <summary>The file to write, taken as it stands. Missing folders are created.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("LiteralPath")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Keep dropout live behind the input 'dropout' of the file.</summary>
    [Parameter]
    public SwitchParameter Dropout { get; set; }

    /// <summary>Of what is dropped: a file that was just loaded draws the same with the same seed.</summary>
    [Parameter]
    public int Seed { get; set; }

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
                "ModelFileTaken", SegErrorKind.InvalidArgument, $"'{path}' already holds the first model of the pipeline.",
                "Export each model to its own file, for example in ForEach-Object.", path));
        }

        if (NoClobber && File.Exists(path))
            Throw(new SegException("FileExists", SegErrorKind.Resource, $"'{path}' exists.", "Choose another name, or leave out -NoClobber.", path));
        SegModel model = Load();
        if (!ShouldProcess(path, $"Export {model.Name} as ONNX"))
            return;
        Run((_, token) => SegEngine.ExportModel(model, path, Dropout, Seed, token), path);
        _written = true;
        if (PassThru)
            WriteObject(new FileInfo(path));
    }

    private SegModel Load()
    {
        if (Model.BaseObject is SegModel model)
            return model;
        string? folder = Model.BaseObject switch
        {
            string path => ResolveOne(path),
            FileSystemInfo info => info.FullName,
            _ => null,
        };
        if (folder is null)
        {
            Throw(new SegException(
                "NotAModel", SegErrorKind.InvalidArgument, $"A {Model.BaseObject.GetType().Name} is not a model.",
                "Give a SegModel or the folder of a packaged model with -Model.", Model.BaseObject));
        }

        return Run((observer, token) => SegEngine.LoadModel(folder!, observer, token), folder);
    }
}
