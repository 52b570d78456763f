using System.Runtime.ExceptionServices;
using MedSeg.Engine.Imaging;

namespace MedSeg.Engine.Data.Checks;

/// <summary>Grids of images turned to RAS+, read from their headers alone.</summary>
internal static class ImageHeaders
{
    private const int MaximumWorkers = 8;

    /// <summary>What one header says.</summary>
    /// <param name="Image">The image.</param>
    /// <param name="Grid">Its grid with RAS+ axes; null where the header cannot be read.</param>
    /// <param name="Channels">Channels or time points; 1 for a plain image.</param>
    /// <param name="Error">Why the header cannot be read.</param>
    public sealed record Header(BidsImage Image, VolumeGeometry? Grid, int Channels, SegException? Error);

    /// <summary>In the order of the images.</summary>
    public static Header[] Read(IReadOnlyList<BidsImage> images, ISegObserver observer, CancellationToken ct)
    {
        var headers = new Header[images.Count];
        var done = 0;
        try
        {
            var workers = Math.Min(Environment.ProcessorCount, MaximumWorkers);
            Parallel.For(0, images.Count, new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = ct }, i =>
            {
                headers[i] = Read(images[i]);
                var finished = Interlocked.Increment(ref done);
                observer.Progress(new SegProgress(
                    0,
                    "Reading image headers",
                    $"{finished} of {images.Count}",
                    (int)(finished * 100L / images.Count),
                    Completed: finished == images.Count));
            });
        }
        catch (AggregateException error)
        {
            ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }

        return headers;
    }

    private static Header Read(BidsImage image)
    {
        try
        {
            var info = ImageFile.ReadInfo(image.Path, image.Metadata);
            return new Header(image, Orientation.Apply(info.Geometry, Orientation.ToRas(info.Geometry.Affine)), info.Channels, null);
        }
        catch (Exception error) when (ImageFailure.Is(error))
        {
            return new Header(image, null, 0, ImageFailure.Of(error, image.Path));
        }
    }
}
