using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using MedSeg.Engine;

namespace MedSeg.Cmdlets.Configuration;

/// <summary>Completes -Loss and -Network with what this version supports.</summary>
public sealed class ComponentCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completions.Of(Names(parameterName), wordToComplete);

    private static IEnumerable<string> Names(string parameterName)
    {
        bool network = parameterName.Equals("Network", StringComparison.OrdinalIgnoreCase);
        var specs = network ? SegEngine.Catalog.Networks : SegEngine.Catalog.Losses;
        return specs.Where(s => s.Supported).Select(s => s.Name);
    }
}

/// <summary>Completes -Set with a hashtable of one key.</summary>
public sealed class ConfigKeyCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string word = (wordToComplete ?? "").Trim('@', '{', ' ', '\'', '"');
        return SegEngine.ConfigKeyPaths()
            .Where(key => key.Contains(word, StringComparison.OrdinalIgnoreCase))
            .Select(key => new CompletionResult($"@{{ '{key}' = }}", key, CompletionResultType.ParameterValue, key));
    }
}

/// <summary>Completes contrasts and label suffixes with those of the dataset in -Dataset.</summary>
public sealed class DatasetValueCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        object? bound = fakeBoundParameters?["Dataset"];
        if ((bound is PSObject wrapped ? wrapped.BaseObject : bound) is not BidsDataset dataset)
        {
            return [];
        }

        bool target = parameterName.Equals("TargetSuffix", StringComparison.OrdinalIgnoreCase);
        return Completions.Of(target ? dataset.TargetSuffixes : dataset.Contrasts, wordToComplete);
    }
}

/// <summary>What completers share.</summary>
internal static class Completions
{
    public static IEnumerable<CompletionResult> Of(IEnumerable<string> words, string? word) => words
        .Where(w => w.StartsWith((word ?? "").Trim('\'', '"'), StringComparison.OrdinalIgnoreCase))
        .Select(w => new CompletionResult(w, w, CompletionResultType.ParameterValue, w));
}
