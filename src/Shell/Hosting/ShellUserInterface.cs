using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Internal;
using System.Security;

namespace MedSeg.Shell.Hosting;

/// <summary>Streams as pwsh shows them: errors on standard error, the rest on standard output, colours and progress bars only on a terminal.</summary>
internal sealed class ShellUserInterface : PSHostUserInterface
{
    private const string Reset = "\u001b[0m";
    private readonly bool _interactive;
    private readonly ProgressView? _progress;
    private readonly bool _outputColours = UsesColours(Console.IsOutputRedirected);
    private readonly bool _errorColours = UsesColours(Console.IsErrorRedirected);
    private readonly ShellRawUserInterface _raw = new();

    public ShellUserInterface(bool interactive)
    {
        _interactive = interactive;
        _progress = IsTerminal(Console.IsOutputRedirected) ? new ProgressView() : null;
    }

    public override PSHostRawUserInterface RawUI => _raw;

    public override bool SupportsVirtualTerminal => _outputColours;

    /// <summary>Takes progress bars off the terminal.</summary>
    public void HideProgress() => _progress?.Hide();

    public override void Write(string value) => Out(value);

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        Out(_outputColours ? Colour(foregroundColor, backgroundColor) + value + Reset : value);

    public override void WriteLine() => Out(Environment.NewLine);

    public override void WriteLine(string value) => Out(value + Environment.NewLine);

    public override void WriteLine(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value)
    {
        Write(foregroundColor, backgroundColor, value);
        WriteLine();
    }

    public override void WriteErrorLine(string value)
    {
        HideProgress();
        if (!string.IsNullOrEmpty(value)) // The formatter ends errors with an empty line that pwsh leaves out too.
            Console.Error.WriteLine(Decorated(value, _errorColours));
    }

    public override void WriteWarningLine(string message) => Message(PSStyle.Instance.Formatting.Warning, "WARNING: ", message);

    public override void WriteVerboseLine(string message) => Message(PSStyle.Instance.Formatting.Verbose, "VERBOSE: ", message);

    public override void WriteDebugLine(string message) => Message(PSStyle.Instance.Formatting.Debug, "DEBUG: ", message);

    public override void WriteProgress(long sourceId, ProgressRecord record) => _progress?.Show(record);

    public override string ReadLine()
    {
        RequireUser();
        HideProgress();
        return Console.ReadLine() ?? "";
    }

    public override SecureString ReadLineAsSecureString() => throw new NotSupportedException("medseg does not ask for secrets.");

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions)
    {
        RequireUser();
        Heading(caption, message);
        var answers = new Dictionary<string, PSObject>();
        foreach (FieldDescription field in descriptions)
        {
            Out(field.Name + ": ");
            answers[field.Name] = PSObject.AsPSObject(ReadLine());
        }

        return answers;
    }

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        RequireUser();
        Heading(caption, message);
        while (true)
        {
            Out(string.Join("  ", choices.Select(c => $"[{KeyOf(c)}] {c.Label.Replace("&", "", StringComparison.Ordinal)}")));
            Out(defaultChoice >= 0 ? $" (default is \"{KeyOf(choices[defaultChoice])}\"): " : ": ");
            string answer = ReadLine().Trim();
            if (answer.Length == 0 && defaultChoice >= 0)
                return defaultChoice;
            for (int i = 0; i < choices.Count; i++)
            {
                if (answer.Equals(KeyOf(choices[i]), StringComparison.OrdinalIgnoreCase)
                    || answer.Equals(choices[i].Label.Replace("&", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase))
                    return i;
            }
        }
    }

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        throw new NotSupportedException("medseg does not ask for credentials.");

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) =>
        throw new NotSupportedException("medseg does not ask for credentials.");

    private static bool IsTerminal(bool redirected) => !redirected && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <summary>As https://no-color.org asks: NO_COLOR with any value but the empty one turns colours off, and nothing else.</summary>
    private static bool UsesColours(bool redirected) => IsTerminal(redirected) && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    private static string Decorated(string text, bool colours) =>
        colours ? text : new StringDecorated(text).ToString(OutputRendering.PlainText);

    private static string KeyOf(ChoiceDescription choice)
    {
        int mark = choice.Label.IndexOf('&', StringComparison.Ordinal);
        return mark >= 0 && mark + 1 < choice.Label.Length ? choice.Label[mark + 1].ToString() : choice.Label;
    }

    /// <summary>SGR codes of a console colour: 30–37 and 90–97, background ten more.</summary>
    private static string Colour(ConsoleColor foreground, ConsoleColor background)
    {
        int[] ansi = [0, 4, 2, 6, 1, 5, 3, 7];
        int Code(ConsoleColor colour) => ((int)colour < 8 ? 30 : 90) + ansi[(int)colour % 8];
        string front = $"\u001b[{Code(foreground).ToString(CultureInfo.InvariantCulture)}m";
        return background == ConsoleColor.Black ? front : front + $"\u001b[{(Code(background) + 10).ToString(CultureInfo.InvariantCulture)}m";
    }

    private void Message(string style, string label, string text) => WriteLine(_outputColours ? style + label + text + Reset : label + text);

    private void Out(string value)
    {
        HideProgress();
        Console.Out.Write(Decorated(value, _outputColours));
    }

    private void Heading(string caption, string message)
    {
        foreach (string line in new[] { caption, message }.Where(l => !string.IsNullOrEmpty(l)))
            WriteLine(line);
    }

    private void RequireUser()
    {
        if (!_interactive)
            throw new PSInvalidOperationException("medseg was started without a user to ask: give the value or use -Confirm:$false.");
    }
}
