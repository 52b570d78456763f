namespace MedSeg.Engine.Data;

/// <summary>Tells errors that concern one image from those that concern the whole work.</summary>
internal static class ImageFailure
{
    /// <summary>False for a stop, a full disk or cache and a process without memory: the next image would fare no better.</summary>
    public static bool Is(Exception error) =>
        error is not (OperationCanceledException or OutOfMemoryException or SegException { ErrorId: "DiskFull" or "CacheFull" });

    /// <summary>The error with the file in its message and as its target.</summary>
    public static SegException Of(Exception error, string path) => error is SegException known
        ? ImageLoader.Naming(known, path)
        : new SegException(
            "ImageFailed", SegErrorKind.InvalidData, $"'{path}' could not be processed: {error.Message}",
            "Check the file with another program. If it is sound, report this as a bug, with the file if you may share it.", path, error);
}
