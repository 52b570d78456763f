using System.Management.Automation;

namespace MedSeg.Shell.Commands;

/// <summary>Get-ChildItem.</summary>
[Cmdlet(VerbsCommon.Get, "ChildItem")]
public sealed class GetChildItemCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public string[] Path { get; set; } = ["."];

    [Parameter(Position = 1)]
    public string? Filter { get; set; }

    [Parameter]
    public SwitchParameter Recurse { get; set; }

    [Parameter]
    public SwitchParameter File { get; set; }

    [Parameter]
    public SwitchParameter Directory { get; set; }

    protected override void ProcessRecord()
    {
        WildcardPattern? pattern = Filter is null ? null : WildcardPattern.Get(Filter, WildcardOptions.IgnoreCase);
        foreach (PSObject item in Path.SelectMany(path => InvokeProvider.ChildItem.Get(path, Recurse)))
        {
            bool container = item.BaseObject is DirectoryInfo;
            string name = item.BaseObject is FileSystemInfo info ? info.Name : item.ToString();
            if ((!File || !container) && (!Directory || container) && pattern?.IsMatch(name) != false)
                WriteObject(item);
        }
    }
}

/// <summary>Get-Item.</summary>
[Cmdlet(VerbsCommon.Get, "Item")]
public sealed class GetItemCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public string[] Path { get; set; } = [];

    protected override void ProcessRecord()
    {
        foreach (string path in Path)
        {
            try
            {
                WriteObject(InvokeProvider.Item.Get(path), enumerateCollection: true);
            }
            catch (ItemNotFoundException e)
            {
                WriteError(e.ErrorRecord);
            }
        }
    }
}

/// <summary>New-Item for files and folders.</summary>
[Cmdlet(VerbsCommon.New, "Item", SupportsShouldProcess = true)]
public sealed class NewItemCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    public string Path { get; set; } = "";

    [Parameter]
    [Alias("Type")]
    public string ItemType { get; set; } = "File";

    [Parameter]
    public object? Value { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        if (!ShouldProcess(Path))
            return;
        string full = GetUnresolvedProviderPathFromPSPath(Path);
        if (Force && Directory.Exists(full))
            WriteObject(new DirectoryInfo(full));
        else
            WriteObject(InvokeProvider.Item.New([Path], name: null, ItemType, Value, Force), enumerateCollection: true);
    }
}

/// <summary>Remove-Item.</summary>
[Cmdlet(VerbsCommon.Remove, "Item", SupportsShouldProcess = true)]
public sealed class RemoveItemCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public string[] Path { get; set; } = [];

    [Parameter]
    public SwitchParameter Recurse { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        foreach (string path in Path.Where(p => ShouldProcess(p)))
        {
            try
            {
                InvokeProvider.Item.Remove([path], Recurse, Force, literalPath: false);
            }
            catch (ItemNotFoundException e)
            {
                WriteError(e.ErrorRecord);
            }
        }
    }
}

/// <summary>Get-Content: the lines of text files, or all at once with -Raw.</summary>
[Cmdlet(VerbsCommon.Get, "Content")]
public sealed class GetContentCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public string[] Path { get; set; } = [];

    [Parameter]
    public SwitchParameter Raw { get; set; }

    protected override void ProcessRecord()
    {
        foreach (string file in Path.SelectMany(p => GetResolvedProviderPathFromPSPath(p, out _)))
        {
            if (Raw)
                WriteObject(File.ReadAllText(file));
            else
                WriteObject(File.ReadLines(file), enumerateCollection: true);
        }
    }
}

/// <summary>Set-Content: lines of text, UTF-8 without a byte order mark.</summary>
[Cmdlet(VerbsCommon.Set, "Content", SupportsShouldProcess = true)]
public sealed class SetContentCommand : PSCmdlet
{
    private readonly List<string> _lines = [];

    [Parameter(Mandatory = true, Position = 0)]
    public string Path { get; set; } = "";

    [Parameter(Position = 1, ValueFromPipeline = true)]
    public object?[] Value { get; set; } = [];

    protected override void ProcessRecord() => _lines.AddRange(Value.Select(v => v is null ? "" : LanguagePrimitives.ConvertTo<string>(v)));

    protected override void EndProcessing()
    {
        if (ShouldProcess(Path))
            File.WriteAllLines(GetUnresolvedProviderPathFromPSPath(Path), _lines);
    }
}
