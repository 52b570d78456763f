using System.Collections.ObjectModel;
using System.Management.Automation;

namespace MedSeg.Cmdlets;

/// <content>Paths: always through PowerShell's providers, never relative to the directory of the process.</content>
public abstract partial class SegCmdlet
{
    private const string FileSystem = "FileSystem";

    /// <summary>Full paths of existing files and folders; one error is written for each path that leads nowhere.</summary>
    /// <param name="paths">As given by the user.</param>
    /// <param name="literal">False when wildcards are to be expanded.</param>
    protected IReadOnlyList<string> ResolvePaths(IEnumerable<string> paths, bool literal)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var resolved = new List<string>();
        foreach (string path in paths)
        {
            try
            {
                resolved.AddRange(literal ? ResolveLiteral(path) : ResolveWildcards(path));
            }
            catch (SegException e)
            {
                WriteError(e, path);
            }
        }

        return resolved;
    }

    /// <summary>Roots of datasets. A wildcard usually meets README and tables too; those are not datasets.</summary>
    protected IEnumerable<string> ResolveRoots(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return paths.SelectMany(path =>
        {
            IReadOnlyList<string> found = ResolvePaths([path], literal: false);
            return WildcardPattern.ContainsWildcardCharacters(path) ? found.Where(Directory.Exists) : found;
        });
    }

    /// <summary>
    /// Full path of the one existing file or folder that a parameter without a literal twin names: what is called exactly so, else
    /// what the wildcards stand for.
    /// </summary>
    /// <exception cref="SegException"><c>PathNotFound</c>, <c>PathAmbiguous</c>, <c>PathNotAFile</c>.</exception>
    protected string ResolveOne(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string? exact = Exact(path);
        if (exact is not null)
            return exact;
        string[] found = ResolveWildcards(path);
        return found.Length == 1 ? found[0] : throw new SegException(
            "PathAmbiguous", SegErrorKind.InvalidArgument, $"'{path}' stands for {found.Length} files.", "Name one of them.", path);
    }

    /// <summary>As <see cref="ResolveOne"/>; an error ends the cmdlet.</summary>
    protected string ResolvePath(string path)
    {
        try
        {
            return ResolveOne(path);
        }
        catch (SegException e)
        {
            Throw(e, path);
            return path;
        }
    }

    /// <summary>Full path of a file or folder that may not exist yet; wildcards are taken as they stand.</summary>
    protected string ResolveOutputPath(string path)
    {
        try
        {
            return Unresolved(path);
        }
        catch (SegException e)
        {
            Throw(e, path);
            return path;
        }
    }

    private string[] ResolveWildcards(string path)
    {
        Collection<string> found;
        ProviderInfo provider;
        try
        {
            found = SessionState.Path.GetResolvedProviderPathFromPSPath(path, out provider);
        }
        catch (Exception e) when (e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or ProviderNotFoundException)
        {
            throw NotFound(path, e);
        }

        RequireFileSystem(path, provider);
        return found.Count > 0 ? [.. found] : throw NotFound(path, null);
    }

    private string[] ResolveLiteral(string path) => [Exact(path) ?? throw NotFound(path, null, literal: true)];

    /// <summary>Null when nothing is called so.</summary>
    private string? Exact(string path)
    {
        string full = Unresolved(path);
        return File.Exists(full) || Directory.Exists(full) ? full : null;
    }

    private string Unresolved(string path)
    {
        try
        {
            string full = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            RequireFileSystem(path, provider);
            return full;
        }
        catch (Exception e) when (e is System.Management.Automation.DriveNotFoundException or ProviderNotFoundException)
        {
            throw NotFound(path, e);
        }
    }

    private static void RequireFileSystem(string path, ProviderInfo provider)
    {
        if (provider.Name != FileSystem)
        {
            throw new SegException(
                "PathNotAFile", SegErrorKind.InvalidArgument, $"'{path}' belongs to the provider {provider.Name}.", "Give a path in the file system.", path);
        }
    }

    private SegException NotFound(string path, Exception? inner, bool literal = false)
    {
        bool other = !literal && WildcardPattern.ContainsWildcardCharacters(path) && MyInvocation.MyCommand.Parameters.ContainsKey("LiteralPath");
        return new SegException(
            "PathNotFound", SegErrorKind.NotFound, $"'{path}' does not exist.",
            other ? "Check the path; if [ ] or * belong to the name, use -LiteralPath." : "Check the path.", path, inner);
    }
}
