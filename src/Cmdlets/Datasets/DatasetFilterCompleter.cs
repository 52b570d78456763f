using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using MedSeg.Cmdlets.Configuration;
using MedSeg.Engine;

namespace MedSeg.Cmdlets.Datasets;

/// <summary>Completes -Contrast with the suffixes of BIDS and -Extension with the formats that can be read; no dataset is looked at.</summary>
public sealed class DatasetFilterCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        bool extension = parameterName.Equals("Extension", StringComparison.OrdinalIgnoreCase);
        return Completions.Of(extension ? SegEngine.ImageExtensions : SegEngine.ImageSuffixes, wordToComplete);
    }
}
