namespace MedSeg.Engine.Runtime;

/// <summary>Keeps results from replacing what they are made of.</summary>
public static class OutputGuard
{
    /// <summary>Refuses an output that is one of the inputs. A file that is a symbolic link counts as the file it leads to.</summary>
    /// <exception cref="SegException"><c>OutputIsInput</c>.</exception>
    public static void RequireNoInput(string output, IEnumerable<string?> inputs)
    {
        ArgumentException.ThrowIfNullOrEmpty(output);
        ArgumentNullException.ThrowIfNull(inputs);
        var file = Final(output);
        var input = inputs.OfType<string>().FirstOrDefault(i => PlatformFiles.PathComparer.Equals(Final(i), file));
        if (input is not null)
        {
            throw new SegException(
                "OutputIsInput", SegErrorKind.InvalidArgument, $"The result would overwrite '{output}', which is an input.",
                "Choose another output path.", output);
        }
    }

    private static string Final(string path)
    {
        var full = new FileInfo(path);
        try
        {
            return full.LinkTarget is null ? full.FullName : full.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        }
        catch (IOException)
        {
            // A link that leads nowhere, or in a circle, is no other file's name.
            return full.FullName;
        }
    }
}
