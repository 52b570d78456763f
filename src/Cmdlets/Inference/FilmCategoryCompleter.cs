using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using MedSeg.Engine;

namespace MedSeg.Cmdlets.Inference;

/// <summary>Completes -Metadata with the categories that the model in -Model was trained with.</summary>
public sealed class FilmCategoryCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string word = (wordToComplete ?? "").Trim('\'', '"');
        return Words(FilmOf(fakeBoundParameters?["Model"]))
            .Where(w => w.Name.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Select(w => new CompletionResult(w.Text, w.Name, CompletionResultType.ParameterValue, w.Tip));
    }

    private static SegFilm? FilmOf(object? model)
    {
        try
        {
            return (model is PSObject wrapped ? wrapped.BaseObject : model) switch
            {
                SegModel loaded => loaded.Film,
                string path => SegEngine.FilmOfModel(path),
                _ => null,
            };
        }
        catch (SegException)
        {
            return null; // Completion stays silent; the cmdlet itself will say what is wrong with the model.
        }
    }

    /// <summary>The categories of one part; of several a hashtable to fill in.</summary>
    private static IEnumerable<(string Name, string Text, string Tip)> Words(SegFilm? film) => film switch
    {
        null => [],
        { Parts: [{ Boundaries: null } part] } => part.Categories.Select(category => (category, Quoted(category), part.ToString())),
        _ => [($"@{{ {film.Parts[0].Name}", $"@{{ {string.Join("; ", film.Parts.Select(part => part.Name + " = " + Quoted(part.Boundaries is null ? part.Categories[0] : "")))} }}", film.ToString())],
    };

    private static string Quoted(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') && !char.IsAsciiDigit(text[0]) && text[0] != '-'
            ? text
            : "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
}
