using System.Management.Automation;

namespace MedSeg.Cmdlets;

/// <summary>Turns exceptions into PowerShell's error records.</summary>
internal static class ErrorRecords
{
    /// <summary>An error record with a stable id, a category, the target and what to do.</summary>
    /// <param name="exception">A <see cref="SegException"/> keeps its id; others get one by their type.</param>
    /// <param name="target">What the cmdlet was working on, where the exception does not say.</param>
    public static ErrorRecord From(Exception exception, object? target = null)
    {
        if (exception is not SegException error)
            return new ErrorRecord(exception, IdOf(exception), CategoryOf(exception), target);
        return new ErrorRecord(error, error.ErrorId, CategoryOf(error.Kind), error.TargetItem ?? target)
        {
            ErrorDetails = new ErrorDetails(error.Message) { RecommendedAction = error.Recommendation },
        };
    }

    private static ErrorCategory CategoryOf(SegErrorKind kind) => kind switch
    {
        SegErrorKind.NotFound => ErrorCategory.ObjectNotFound,
        SegErrorKind.InvalidData => ErrorCategory.InvalidData,
        SegErrorKind.InvalidArgument => ErrorCategory.InvalidArgument,
        SegErrorKind.NotSupported => ErrorCategory.NotImplemented,
        SegErrorKind.Resource => ErrorCategory.ResourceUnavailable,
        SegErrorKind.Device => ErrorCategory.DeviceError,
        SegErrorKind.Stopped => ErrorCategory.OperationStopped,
        _ => ErrorCategory.NotSpecified,
    };

    private static string IdOf(Exception exception) => exception switch
    {
        UnauthorizedAccessException => "AccessDenied",
        IOException => "FileError",
        OperationCanceledException => "Stopped",
        _ => "UnexpectedError",
    };

    private static ErrorCategory CategoryOf(Exception exception) => exception switch
    {
        UnauthorizedAccessException => ErrorCategory.PermissionDenied,
        FileNotFoundException or DirectoryNotFoundException => ErrorCategory.ObjectNotFound,
        IOException => ErrorCategory.ResourceUnavailable,
        OperationCanceledException => ErrorCategory.OperationStopped,
        _ => ErrorCategory.NotSpecified,
    };
}
