namespace MedSeg.Engine.Phantoms;

/// <summary>What can be asked of the phantom maker.</summary>
internal static class PhantomChecks
{
    public const int MinimumSize = 16;
    public const int MaximumSize = 512;
    public const int MaximumSubjects = 9999;

    /// <exception cref="SegException"><c>FolderNotEmpty</c> or <c>PhantomArgument</c>.</exception>
    public static void Check(PhantomRequest request)
    {
        if (request.Subjects is < 1 or > MaximumSubjects)
            throw Refused($"The number of subjects is {request.Subjects}.", $"Ask for 1 to {MaximumSubjects} subjects.", request.Subjects);
        if (request.Contrasts.Count == 0 || request.Contrasts.Distinct(StringComparer.Ordinal).Count() != request.Contrasts.Count)
            throw Refused("No contrast is given, or one is given twice.", $"Choose among {PhantomContrast.Names}.", request.Contrasts);
        foreach (var name in request.Contrasts.Where(c => PhantomContrast.Find(c) is null))
            throw Refused($"There is no phantom contrast '{name}'.", $"Choose among {PhantomContrast.Names}.", name);
        if (request.Size.Count != 3 || request.Size[0] is < MinimumSize or > MaximumSize || request.Size[1] is < MinimumSize or > MaximumSize || request.Size[2] is < 1 or > MaximumSize)
        {
            throw Refused(
                $"The size is {string.Join("×", request.Size)}.",
                $"Give three numbers: {MinimumSize} to {MaximumSize} voxels along x and y, 1 to {MaximumSize} along z.",
                request.Size);
        }

        if (File.Exists(request.Path) || (Directory.Exists(request.Path) && Directory.EnumerateFileSystemEntries(request.Path).Any()))
        {
            throw new SegException(
                "FolderNotEmpty",
                SegErrorKind.InvalidArgument,
                $"'{request.Path}' exists already and is not an empty folder; nothing is overwritten.",
                "Choose another path, or remove the folder first.",
                request.Path);
        }
    }

    private static SegException Refused(string message, string recommendation, object target) =>
        new("PhantomArgument", SegErrorKind.InvalidArgument, message, recommendation, target);
}
