using System.Reflection;

namespace MedSeg.Engine.Packaging;

/// <summary>Versions of the programs that a model depends on.</summary>
internal static class EngineVersions
{
    public static IReadOnlyDictionary<string, string> All { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["dotnet"] = Environment.Version.ToString(),
        ["medseg"] = Of(typeof(EngineVersions).Assembly),
        ["onnxruntime"] = Of(typeof(Microsoft.ML.OnnxRuntime.OrtEnv).Assembly),
        ["torchsharp"] = Of(typeof(TorchSharp.torch).Assembly),
    };

    /// <summary>The informational version without the commit that builds append after a plus sign.</summary>
    private static string Of(Assembly assembly) =>
        (assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            ?? assembly.GetName().Version?.ToString() ?? "unknown").Split('+')[0];
}
