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
    /// <param name="warn">Told about images that are left out, and why.</param>
    public static IReadOnlyList<PredictionInput> Of(IReadOnlyList<PredictionInput> inputs, SegConfig config, Action<string> warn)
    {
        var contrasts = ChannelGroups.Contrasts(config);
        if (contrasts.Count == 0)
            return inputs;
        var images = new List<BidsImage>();
        var given = new Dictionary<string, PredictionInput>(PlatformFiles.PathComparer);
        foreach (var input in inputs.Where(input => input.OtherChannels.Count == 0))
        {
            var image = input.Image ?? StandIn(input.Path, contrasts);
            if (!contrasts.Any(contrast => ImageSelector.HasContrast(image, contrast)))
                warn($"'{input.Path}' is left out: its name says none of the contrasts {string.Join(", ", contrasts)} that are the model's channels.");
            else if (given.TryAdd(input.Path, input))
                images.Add(image);
        }

        var grouped = ChannelGroups.Of(images, config, warn).Select(source => Join([.. source.Channels.Select(image => given[image.Path])]));
        return [.. inputs.Where(input => input.OtherChannels.Count > 0), .. grouped];
    }

    /// <summary>One input of several channels.</summary>
    public static PredictionInput Join(IReadOnlyList<PredictionInput> channels) => channels[0] with { OtherChannels = [.. channels.Skip(1)] };

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
