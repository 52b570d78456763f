using System.Management.Automation;
using MedSeg.Cmdlets;

namespace MedSeg.ProbeModule;

/// <summary>What the workers of Get-Probe did, for tests to look at.</summary>
public static class ProbeState
{
    private static int _running;
    private static int _produced;

    /// <summary>Workers that have not come to their end.</summary>
    public static int Running => Volatile.Read(ref _running);

    /// <summary>Items made by all workers.</summary>
    public static int Produced => Volatile.Read(ref _produced);

    /// <summary>A worker saw its cancellation and spoke about it.</summary>
    public static bool Saved { get; internal set; }

    internal static void Enter() => Interlocked.Increment(ref _running);

    internal static void Leave() => Interlocked.Decrement(ref _running);

    internal static int Next() => Interlocked.Increment(ref _produced);
}

/// <summary>Exercises SegCmdlet: streams numbers and speaks on every stream.</summary>
[Cmdlet(VerbsCommon.Get, "Probe")]
public sealed class GetProbeCommand : SegCmdlet
{
    [Parameter(ValueFromPipeline = true)]
    public int Count { get; set; } = int.MaxValue;

    /// <summary>An item that fails without ending the command.</summary>
    [Parameter]
    public int BadItem { get; set; } = -1;

    /// <summary>The item at which the sequence throws; without <see cref="Fail"/>.</summary>
    [Parameter]
    public int FailAt { get; set; } = -1;

    /// <summary>The sequence is all there is to do.</summary>
    [Parameter]
    public SwitchParameter Whole { get; set; }

    /// <summary>Fail with this kind of exception instead of streaming.</summary>
    [Parameter]
    [ValidateSet("Item", "Command", "Unexpected")]
    public string? Fail { get; set; }

    protected override void ProcessRecord()
    {
        switch (Fail)
        {
            case "Item":
                TryRun((_, _) => throw Broken("item"), Count);
                break;
            case "Command":
                Run((_, _) => throw Broken("command"));
                break;
            case "Unexpected":
                TryRun((_, _) => throw new FileNotFoundException("gone"), Count);
                break;
            default:
                Stream(Numbers, terminating: Whole);
                break;
        }
    }

    private static SegException Broken(string target) =>
        new("ProbeBroken", SegErrorKind.InvalidData, $"The {target} is broken.", "Mend it.", target);

    private IEnumerable<int> Numbers(ISegObserver observer, CancellationToken token)
    {
        ProbeState.Enter();
        try
        {
            observer.Warning("first");
            for (int i = 1; i <= Count; i++)
            {
                observer.Progress(new SegProgress(0, "Probing", $"{i}", i % 100));
                observer.Verbose($"at {i}");
                if (i == FailAt)
                    throw Broken("sequence");
                if (i == BadItem)
                    observer.Error(Broken($"item {i}"));
                else
                    yield return ProbeState.Next();
            }
        }
        finally
        {
            if (token.IsCancellationRequested)
            {
                for (int i = 0; i < 1000; i++)
                    observer.Verbose("saving"); // More than the queue holds: must not block without a reader.
                observer.Warning("saved");
                ProbeState.Saved = true;
            }

            ProbeState.Leave();
        }
    }
}

/// <summary>Exercises the path helpers of SegCmdlet.</summary>
[Cmdlet(VerbsDiagnostic.Resolve, "Probe")]
public sealed class ResolveProbeCommand : SegCmdlet
{
    [Parameter(Position = 0)]
    public string[] Path { get; set; } = [];

    [Parameter]
    [Alias("PSPath")]
    public string[] LiteralPath { get; set; } = [];

    [Parameter]
    public string? OutputPath { get; set; }

    protected override void ProcessRecord()
    {
        WriteObject(ResolvePaths(Path, literal: false), enumerateCollection: true);
        WriteObject(ResolvePaths(LiteralPath, literal: true), enumerateCollection: true);
        if (OutputPath is not null)
            WriteObject(ResolveOutputPath(OutputPath));
    }
}

/// <summary>A cmdlet without a literal path.</summary>
[Cmdlet(VerbsDiagnostic.Resolve, "OneProbe")]
public sealed class ResolveOneProbeCommand : SegCmdlet
{
    [Parameter(Position = 0)]
    public string Path { get; set; } = "";

    protected override void ProcessRecord() => WriteObject(ResolvePath(Path));
}
