using MedSeg.Engine.Bids;
using MedSeg.Engine.Data;
using MedSeg.Engine.Imaging;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Inference;

/// <summary>
/// Puts images together that are the channels of one input of a multichannel model. Images of a dataset belong together as in
/// training (<see cref="ChannelGroups"/>). Bare files do when their names differ in nothing but the contrast: as BIDS names, or
/// else in their last part (<c>patient1_T1w.nii.gz</c> and <c>patient1_T2w.nii.gz</c> of one folder).
/// </summary>
internal static class PredictionGroups
{
    /// <summary>The inputs of the network; with one channel, those that were given.</summary>
    /// <param name="o">
    /// Warned about images that are left out, and why, and about inputs without some contrast; where a network bears missing contrasts,
    /// an image that has none of them is an error.
    /// </param>
    public static IReadOnlyList<PredictionInput> Of(IReadOnlyList<PredictionInput> inputs, SegConfig config, ISegObserver o)
    {
        var contrasts = ChannelGroups.Contrasts(config);
        if (contrasts.Count == 0)
            return inputs;
        var images = new List<BidsImage>();
        var given = new Dictionary<string, PredictionInput>(PlatformFiles.PathComparer);
        foreach (var input in inputs.Where(input => !IsGrouped(input)))
        {
            var image = input.Image ?? StandIn(input.Path, contrasts);
            if (!contrasts.Any(contrast => ImageSelector.HasContrast(image, contrast)))
                LeaveOut(input.Path);
            else if (given.TryAdd(input.Path, input))
                images.Add(image);
        }

        var grouped = ChannelGroups.Of(images, config, o.Warning).Select(source => Join(source, config, image => given[image.Path]));
        IReadOnlyList<PredictionInput> all = [.. inputs.Where(IsGrouped), .. grouped];
        WarnOfMissing(all, config, o);
        return all;

        void LeaveOut(string path)
        {
            var message = $"'{path}' is left out: its name says none of the contrasts {string.Join(", ", contrasts)} that are the model's channels.";
            if (!MissingContrasts.Allowed(config))
                o.Warning(message);
            else
                o.Error(new SegException("NoContrast", SegErrorKind.InvalidArgument, message, "Name the file after its contrast, for example patient1_T2w.nii.gz.", path));
        }
    }

    /// <summary>One input of the channels of a sample.</summary>
    /// <param name="inputOf">The input of a single image.</param>
    public static PredictionInput Join(SampleSource source, SegConfig config, Func<BidsImage, PredictionInput> inputOf)
    {
        PredictionInput[] channels = [.. source.Channels.Select(inputOf)];
        var contrasts = ChannelGroups.Contrasts(config);
        return channels[0] with
        {
            OtherChannels = channels[1..],
            Contrasts = MissingContrasts.Allowed(config) ? [.. source.Slots.Select(slot => contrasts[slot])] : [],
        };
    }

    /// <summary>The model's contrasts that an input lacks.</summary>
    public static IReadOnlyList<string> MissingOf(PredictionInput input, SegConfig config) =>
        input.Contrasts.Count == 0 ? [] : [.. ChannelGroups.Contrasts(config).Except(input.Contrasts, StringComparer.Ordinal)];

    private static bool IsGrouped(PredictionInput input) => input.OtherChannels.Count > 0 || input.Contrasts.Count > 0;

    private static void WarnOfMissing(IReadOnlyList<PredictionInput> inputs, SegConfig config, ISegObserver o)
    {
        var incomplete = inputs.Where(input => MissingOf(input, config).Count > 0).ToList();
        foreach (var input in incomplete)
            o.Verbose($"'{input.Path}' has no {string.Join(", ", MissingOf(input, config))}; {string.Join(", ", input.Contrasts)} predicts it.");
        if (incomplete.Count > 0)
        {
            o.Warning(
                $"{incomplete.Count} of {inputs.Count} images lack a contrast that the model knows, and are predicted from the others "
                + $"(first: '{incomplete[0].Path}' lacks {string.Join(", ", MissingOf(incomplete[0], config))}).");
        }
    }

    /// <summary>What the name of a bare file says, as if it were in a dataset whose root is its folder.</summary>
    private static BidsImage StandIn(string path, IReadOnlyList<string> contrasts)
    {
        var extension = ImageFile.ExtensionOf(path);
        var stem = Path.GetFileName(path)[..^extension.Length];
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var name = BidsName.Parse(stem, out _);
        var contrast = contrasts.OrderByDescending(c => c.Length).FirstOrDefault(c => stem.EndsWith(c, StringComparison.Ordinal));
        var byName = name?.Subject is not null;
        return new BidsImage
        {
            Path = path,
            Root = byName ? PredictionPaths.WithoutDataType(folder) : folder,
            RelativePath = Path.GetFileName(path),
            Subject = byName ? name!.Subject! : stem[..^(contrast?.Length ?? 0)],
            Entities = byName ? name!.Entities.Where(entity => entity.Key != "sub").ToDictionary() : new Dictionary<string, string>(),
            Suffix = byName ? name!.Suffix : contrast ?? "",
            Contrast = byName ? name!.Contrast : contrast ?? "",
            DataType = "",
            Extension = extension,
        };
    }
}
