using System.Management.Automation;

namespace MedSeg.Shell.Commands;

/// <summary>Join-Path.</summary>
[Cmdlet(VerbsCommon.Join, "Path")]
public sealed class JoinPathCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, Position = 1)]
    [AllowEmptyString]
    public string ChildPath { get; set; } = "";

    [Parameter(Position = 2, ValueFromRemainingArguments = true)]
    public string[] AdditionalChildPath { get; set; } = [];

    protected override void ProcessRecord()
    {
        foreach (string path in Path)
            WriteObject(AdditionalChildPath.Prepend(ChildPath).Aggregate(path, SessionState.Path.Combine));
    }
}

/// <summary>Split-Path: parent folder, or the last part with -Leaf.</summary>
[Cmdlet(VerbsCommon.Split, "Path")]
public sealed class SplitPathCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public string[] Path { get; set; } = [];

    [Parameter]
    public SwitchParameter Leaf { get; set; }

    [Parameter]
    public SwitchParameter Parent { get; set; }

    protected override void ProcessRecord()
    {
        foreach (string path in Path)
            WriteObject(Leaf ? SessionState.Path.ParseChildName(path) : SessionState.Path.ParseParent(path, root: null));
    }
}

/// <summary>What a path must be for Test-Path.</summary>
public enum TestPathType
{
    Any,
    Container,
    Leaf,
}

/// <summary>Test-Path.</summary>
[Cmdlet(VerbsDiagnostic.Test, "Path")]
[OutputType(typeof(bool))]
public sealed class TestPathCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public string[] Path { get; set; } = [];

    [Parameter]
    public string[] LiteralPath { get; set; } = [];

    [Parameter]
    public TestPathType PathType { get; set; }

    protected override void ProcessRecord()
    {
        foreach (string path in LiteralPath)
            WriteObject(Test(WildcardPattern.Escape(path)));
        foreach (string path in Path)
            WriteObject(Test(path));
    }

    private bool Test(string path) => PathType switch
    {
        TestPathType.Container => InvokeProvider.Item.Exists(path) && InvokeProvider.Item.IsContainer(path),
        TestPathType.Leaf => InvokeProvider.Item.Exists(path) && !InvokeProvider.Item.IsContainer(path),
        _ => InvokeProvider.Item.Exists(path),
    };
}

/// <summary>Resolve-Path.</summary>
[Cmdlet(VerbsDiagnostic.Resolve, "Path")]
public sealed class ResolvePathCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public string[] Path { get; set; } = [];

    protected override void ProcessRecord()
    {
        foreach (string path in Path)
            WriteObject(SessionState.Path.GetResolvedPSPathFromPSPath(path), enumerateCollection: true);
    }
}

/// <summary>Set-Location.</summary>
[Cmdlet(VerbsCommon.Set, "Location")]
public sealed class SetLocationCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public string Path { get; set; } = "";

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath")]
    public string LiteralPath { get; set; } = "";

    protected override void ProcessRecord() =>
        SessionState.Path.SetLocation(LiteralPath.Length > 0 ? WildcardPattern.Escape(LiteralPath) : Path);
}

/// <summary>Get-Location.</summary>
[Cmdlet(VerbsCommon.Get, "Location")]
[OutputType(typeof(PathInfo))]
public sealed class GetLocationCommand : PSCmdlet
{
    protected override void ProcessRecord() => WriteObject(SessionState.Path.CurrentLocation);
}
