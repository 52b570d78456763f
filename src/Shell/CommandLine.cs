using System.Management.Automation.Runspaces;

namespace MedSeg.Shell;

/// <summary>What the user asked for, with the options of <c>pwsh</c> that make sense here.</summary>
internal sealed record CommandLine
{
    /// <summary>What pwsh returns for a command line that it does not understand.</summary>
    public const int UsageExitCode = 64;

    public const string Usage = """
        Usage: medseg [-NoProfile] [-NonInteractive] [-File] <script.ps1> [arguments]
               medseg [-NoProfile] [-NonInteractive] -Command <text>

        Runs PowerShell with the MedSeg module imported. Exit codes are those of pwsh.
        """;

    /// <summary>Full path of the script, or null.</summary>
    public string? File { get; private init; }

    public IReadOnlyList<string> FileArguments { get; private init; } = [];

    /// <summary>Text to run, or null.</summary>
    public string? Command { get; private init; }

    public bool NonInteractive { get; private init; }

    public bool ShowHelp { get; private init; }

    /// <summary>Why the command line cannot be used, or null.</summary>
    public string? Problem { get; private init; }

    public static CommandLine Parse(IReadOnlyList<string> args)
    {
        var result = new CommandLine();
        for (int i = 0; i < args.Count; i++)
        {
            string[] rest = [.. args.Skip(i + 1)];
            switch (args[i].ToLowerInvariant())
            {
                case "-noprofile" or "-nop" or "-nologo":
                    break; // There is neither a profile nor a logo.
                case "-noninteractive" or "-noni":
                    result = result with { NonInteractive = true };
                    break;
                case "-h" or "-help" or "-?" or "--help" or "/?":
                    return result with { ShowHelp = true };
                case "-command" or "-c":
                    return rest.Length > 0 ? result with { Command = string.Join(' ', rest) } : result with { Problem = "-Command needs a text." };
                case "-file" or "-f":
                    return rest.Length > 0 ? result.WithFile(rest[0], rest[1..]) : result with { Problem = "-File needs the path of a script." };
                default:
                    return args[i].StartsWith('-') ? result with { Problem = $"Unknown option {args[i]}." } : result.WithFile(args[i], rest);
            }
        }

        return result with { Problem = "Give a script or -Command." };
    }

    /// <summary>Arguments as pwsh -File takes them: <c>-Name</c>, <c>-Name:value</c> and plain values.</summary>
    public static IEnumerable<CommandParameter> ParametersOf(IEnumerable<string> arguments)
    {
        foreach (string argument in arguments)
        {
            int colon = argument.IndexOf(':', StringComparison.Ordinal);
            if (!argument.StartsWith('-') || argument.Length < 2 || !char.IsLetter(argument[1]))
                yield return new CommandParameter(null, argument);
            else if (colon < 0)
                yield return new CommandParameter(argument);
            else
                yield return new CommandParameter(argument[..colon], ValueOf(argument[(colon + 1)..]));
        }
    }

    private static object ValueOf(string text) => text.ToLowerInvariant() switch
    {
        "$true" => true,
        "$false" => false,
        _ => text,
    };

    private CommandLine WithFile(string path, IReadOnlyList<string> arguments)
    {
        string full = Path.GetFullPath(path);
        return System.IO.File.Exists(full)
            ? this with { File = full, FileArguments = arguments }
            : this with { Problem = $"The script '{path}' does not exist." };
    }
}
