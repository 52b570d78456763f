using System.Collections.Concurrent;
using System.Management.Automation;
using MedSeg.Cmdlets.Tests.Support;

namespace MedSeg.Cmdlets.Tests.Specs;

/// <summary>Runs spec files with the stand-in, each in a bare PowerShell engine of its own.</summary>
internal static class SpecRunner
{
    private static readonly ConcurrentDictionary<string, Lazy<IReadOnlyList<SpecRecord>>> s_results = new();

    /// <summary>The spec files of the cmdlets, in ordinal order.</summary>
    public static IReadOnlyList<string> Files =>
        [.. Directory.EnumerateFiles(Repository.Specs, "*.Tests.ps1", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    /// <summary>The tests of a file, found but not run.</summary>
    public static IReadOnlyList<SpecRecord> Discover(string file) => Invoke(file, new() { ["DiscoverOnly"] = true });

    /// <summary>The results of a file; it runs when they are first asked for.</summary>
    public static IReadOnlyList<SpecRecord> Results(string file) =>
        s_results.GetOrAdd(file, path => new(() => Invoke(path, []))).Value;

    /// <summary>Runs Invoke-Spec with more parameters.</summary>
    public static IReadOnlyList<SpecRecord> Invoke(string file, Dictionary<string, object> parameters)
    {
        using var shell = new BareShell(Repository.StandIn);
        using var pipeline = shell.Pipeline();
        pipeline.AddCommand("Invoke-Spec").AddParameter("Path", file).AddParameters(parameters);
        return [.. pipeline.Invoke().Select(ToRecord)];
    }

    private static SpecRecord ToRecord(PSObject item)
    {
        T Value<T>(string name) => LanguagePrimitives.ConvertTo<T>(item.Properties[name].Value);
        return new(Value<int>("Id"), Value<string[]?>("Path") ?? [], Value<string>("Result"), Value<string>("Message"));
    }
}
