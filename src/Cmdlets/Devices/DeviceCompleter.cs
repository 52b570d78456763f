using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using MedSeg.Engine;

namespace MedSeg.Cmdlets.Devices;

/// <summary>Completes -Device. Native libraries are looked at only when a single CUDA device is asked for.</summary>
public sealed class DeviceCompleter : IArgumentCompleter
{
    private static readonly string[] Kinds = ["Auto", "Cpu", "Cuda"];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string word = (wordToComplete ?? "").Trim('\'', '"');
        IEnumerable<string> names = word.StartsWith("cuda", StringComparison.OrdinalIgnoreCase) ? ["Cuda", .. CudaDevices()] : Kinds;
        return names.Where(name => name.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Select(name => new CompletionResult(name, name, CompletionResultType.ParameterValue, name));
    }

    private static IEnumerable<string> CudaDevices()
    {
        try
        {
            return [.. SegEngine.Devices().Where(d => d.Kind == "Cuda").Select(d => "Cuda" + d.Name[4..])];
        }
        catch (SegException)
        {
            return []; // Completion stays silent; the cmdlet itself will name the library that is missing.
        }
    }
}
