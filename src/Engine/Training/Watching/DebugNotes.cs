using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using MedSeg.Engine.Configuration;
using MedSeg.Engine.Packaging;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Training.Watching;

/// <summary>What <c>debugging</c> tells about a run before it begins.</summary>
internal static class DebugNotes
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>Writes <c>version_info.json</c>, and says which keys are as they are by default.</summary>
    /// <param name="dataset">What is trained on.</param>
    public static void Write(RunFolder run, SegConfig config, BidsDataset dataset, ISegObserver observer)
    {
        var versions = new
        {
            versions = EngineVersions.All,
            system = RuntimeInformation.OSDescription,
            runtime = RuntimeInformation.FrameworkDescription,
            processors = Environment.ProcessorCount,
            threads = TorchSharp.torch.get_num_threads(),
            dataset_roots = dataset.Roots,
        };
        AtomicFile.WriteAllText(run.Versions, JsonSerializer.Serialize(versions, s_json) + "\n");
        string[] keys = [.. Same(JsonNode.Parse(ConfigWriter.ToJson(config)), JsonNode.Parse(ConfigWriter.ToJson(new SegConfig())), "")];
        observer.Verbose(string.Create(CultureInfo.InvariantCulture, $"{keys.Length} keys have their default: {string.Join(", ", keys)}."));
    }

    /// <summary>Key paths of the values that two configurations share.</summary>
    private static IEnumerable<string> Same(JsonNode? found, JsonNode? standard, string path)
    {
        if (found is not JsonObject a || standard is not JsonObject b) return JsonNode.DeepEquals(found, standard) ? [path] : [];
        return a.Where(p => b.ContainsKey(p.Key)).SelectMany(p => Same(p.Value, b[p.Key], path.Length == 0 ? p.Key : $"{path}.{p.Key}"));
    }
}
