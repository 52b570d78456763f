using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Training;

/// <summary>Which images a model was trained on, by content: <c>training_sha256</c> of the packaged configuration.</summary>
internal static class TrainingHashes
{
    /// <summary>File name to SHA-256; where two datasets have files of one name, the later ones go by their path in the dataset.</summary>
    /// <param name="warn">Told about images that cannot be read any more; they are left out.</param>
    public static SegMap<string> Of(IEnumerable<BidsImage> images, Action<string> warn, CancellationToken ct)
    {
        var hashes = new SegMap<string>();
        foreach (BidsImage image in images)
        {
            string name = Path.GetFileName(image.Path);
            try
            {
                hashes[hashes.ContainsKey(name) ? image.RelativePath : name] = Sha256.OfFile(image.Path, ct);
            }
            catch (SegException e)
            {
                warn($"training_sha256 leaves '{image.Path}' out: {e.Message}");
            }
        }

        return hashes;
    }
}
