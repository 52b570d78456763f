namespace MedSeg;

/// <summary>What kind of thing went wrong; cmdlets map it to PowerShell's error categories.</summary>
public enum SegErrorKind
{
    /// <summary>A file, folder or key does not exist.</summary>
    NotFound,

    /// <summary>A file exists but its content is damaged or not what its name says.</summary>
    InvalidData,

    /// <summary>A parameter or configuration value is wrong.</summary>
    InvalidArgument,

    /// <summary>The feature is known but this version does not have it.</summary>
    NotSupported,

    /// <summary>The operating system refused or failed (full disk, permissions, lock).</summary>
    Resource,

    /// <summary>A native library or device is missing or failed.</summary>
    Device,

    /// <summary>The user or the system stopped the work.</summary>
    Stopped,
}

/// <summary>
/// An error a user can act on. <see cref="ErrorId"/> is stable and documented, the message names the file and the key or
/// voxel, and <see cref="Recommendation"/> says what to do.
/// </summary>
public sealed class SegException : Exception
{
    public SegException(string errorId, SegErrorKind kind, string message, string recommendation, object? target = null, Exception? inner = null)
        : base(message, inner)
    {
        ErrorId = errorId;
        Kind = kind;
        Recommendation = recommendation;
        TargetItem = target;
    }

    /// <summary>Stable identifier in PascalCase, for example <c>NiftiTruncated</c>.</summary>
    public string ErrorId { get; }

    /// <summary>Category hint.</summary>
    public SegErrorKind Kind { get; }

    /// <summary>One sentence: what the user should do.</summary>
    public string Recommendation { get; }

    /// <summary>The path, key or object the error is about.</summary>
    public object? TargetItem { get; }
}
