using MedSeg.Engine.Bids;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Inference;

/// <summary>
/// Where the prediction of one image goes: <c>sub-x/[ses-y/]datatype/STEM_CLASS_pred.nii.gz</c> below the output folder, for
/// example <c>sub-01/anat/sub-01_T2w_seg-manual_pred.nii.gz</c>. The ending <c>_pred</c> keeps predictions and labels apart. Files
/// that are not named as BIDS asks go to the output folder itself. Names come from the image, never from a label.
/// </summary>
internal sealed class PredictionPaths
{
    private static readonly string[] DataTypes = ["anat", "func", "dwi", "fmap", "perf", "pet", "micr", "ct"];

    private readonly string _root;
    private readonly string _folder;

    public PredictionPaths(PredictionInput input, string outputPath)
    {
        Input = input;
        var extension = ImageFile.ExtensionOf(input.Path);
        Stem = Path.GetFileName(input.Path)[..^extension.Length];
        IsPicture = ImageFile.IsPicture(input.Path);
        var name = input.Image is null ? BidsName.Parse(Stem, out _) : null;
        Subject = input.Image?.Subject ?? name?.Subject;
        Contrast = string.Join('+', input.Channels.Select(ContrastOf).OfType<string>()) is { Length: > 0 } contrasts ? contrasts : null;
        var session = input.Image?.Session ?? name?.Entities.GetValueOrDefault("ses");
        var dataType = input.Image?.DataType ?? DataTypeOf(input.Path);
        _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(outputPath));
        _folder = outputPath;
        if (Subject is not null)
            _folder = Path.Combine(_folder, Subject, session is null ? "" : Prefixed(session), dataType ?? "");
    }

    public PredictionInput Input { get; }

    /// <summary>The image's file name without its extension.</summary>
    public string Stem { get; }

    /// <summary>The image is 2D: its masks are PNG files.</summary>
    public bool IsPicture { get; }

    public string? Subject { get; }

    /// <summary>Those of several channels joined by +.</summary>
    public string? Contrast { get; }

    public string Mask(string suffix) => In(suffix, IsPicture ? "_pred.png" : "_pred.nii.gz");

    public string Probability(string suffix) => In(suffix, "_prob.nii.gz");

    public string Sidecar(string suffix) => In(suffix, "_pred.json");

    /// <summary>Two images that would write the same file, or a file that would replace an input, stop everything before it starts.</summary>
    /// <exception cref="SegException"><c>DuplicateOutput</c>, <c>OutputIsInput</c> or <c>OutputElsewhere</c>.</exception>
    public static void RequireDistinct(IReadOnlyList<PredictionPaths> all, IReadOnlyList<string> suffixes)
    {
        var comparer = PlatformFiles.PathComparer;
        var inputs = all.SelectMany(p => p.Input.Channels)
            .SelectMany(channel => channel.Image?.Labels.Values.Prepend(channel.Path) ?? [channel.Path]).Select(Path.GetFullPath).ToHashSet(comparer);
        var writers = new Dictionary<string, PredictionPaths>(comparer);
        foreach (var paths in all)
        {
            foreach (var file in suffixes.SelectMany(paths.Files))
            {
                if (inputs.Contains(Path.GetFullPath(file)))
                    throw Clash("OutputIsInput", $"The prediction of '{paths.Input.Path}' would overwrite '{file}', which is an input.", file);
                if (!writers.TryAdd(file, paths))
                {
                    throw Clash(
                        "DuplicateOutput", $"'{writers[file].Input.Path}' and '{paths.Input.Path}' would both be predicted to '{file}'.", file);
                }
            }
        }
    }

    private static SegException Clash(string id, string message, string file) => new(
        id, SegErrorKind.InvalidArgument, message, "Predict them in two calls with different -OutputPath.", file);

    /// <summary>The folder above a folder that is named after a BIDS data type; any other folder itself.</summary>
    internal static string WithoutDataType(string folder) =>
        DataTypes.Contains(Path.GetFileName(folder)) ? Path.GetDirectoryName(folder) ?? folder : folder;

    private static string? ContrastOf(PredictionInput channel)
    {
        if (channel.Image is { } image)
            return image.Contrast;
        var name = BidsName.Parse(Path.GetFileName(channel.Path)[..^ImageFile.ExtensionOf(channel.Path).Length], out _);
        return name?.Subject is null ? null : name.Contrast;
    }

    private static string? DataTypeOf(string path)
    {
        var folder = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path)));
        return DataTypes.Contains(folder) ? folder : null;
    }

    private static string Prefixed(string session) => session.StartsWith("ses-", StringComparison.Ordinal) ? session : "ses-" + session;

    private string[] Files(string suffix) => [Mask(suffix), Probability(suffix), Sidecar(suffix)];

    /// <summary>Names of participants, sessions and classes come from files; whatever they say, nothing is written elsewhere.</summary>
    private string In(string suffix, string ending)
    {
        var path = Path.Combine(_folder, Stem + (suffix.StartsWith('_') ? suffix : "_" + suffix) + ending);
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(_folder));
        if (Path.GetDirectoryName(Path.GetFullPath(path)) == folder && (folder == _root || IsBelow(_root, folder)))
            return path;
        throw new SegException(
            "OutputElsewhere", SegErrorKind.InvalidData, $"The prediction of '{Input.Path}' would be written to '{path}', not into its folder below '{_root}'.",
            "Do not use this model or dataset: a name in it (participant, session or target_suffix) has been made up to lead elsewhere.", path);
    }

    private static bool IsBelow(string root, string folder) =>
        folder.StartsWith(Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
