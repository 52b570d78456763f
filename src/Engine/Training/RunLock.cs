using System.Globalization;
using System.Text.Json;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Training;

/// <summary>
/// Keeps a second training out of a run folder. The operating system holds the lock with the open handle, so a killed process
/// leaves none behind; a file beside it names the owner. The lock file itself stays: deleting it would let a process lock the
/// deleted file while another locks its successor.
/// </summary>
internal sealed class RunLock : IDisposable
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    private readonly FileStream _handle;
    private readonly string _ownerPath;

    private RunLock(FileStream handle, string ownerPath)
    {
        _handle = handle;
        _ownerPath = ownerPath;
    }

    /// <summary>Who holds a lock.</summary>
    internal sealed record Owner(int ProcessId, string Host, string User, DateTimeOffset Since);

    /// <summary>Locks a run folder, which must exist.</summary>
    /// <exception cref="SegException"><c>RunLocked</c> with the owner, <c>CannotWrite</c>, <c>DiskFull</c>.</exception>
    public static RunLock Take(RunFolder run)
    {
        FileStream handle = Open(run);
        try
        {
            var owner = new Owner(Environment.ProcessId, Environment.MachineName, Environment.UserName, DateTimeOffset.Now);
            AtomicFile.WriteAllText(run.Owner, JsonSerializer.Serialize(owner, Json));
            return new RunLock(handle, run.Owner);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        // A stale owner file is harmless: only the handle locks. Failing here would hide the training's own result.
        FileRetry.TryDelete(_ownerPath);
        _handle.Dispose();
    }

    private static FileStream Open(RunFolder run)
    {
        try
        {
            return new FileStream(run.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new SegException("CannotWrite", SegErrorKind.Resource, $"The run folder '{run.Path}' cannot be written to.",
                "Choose a folder you may write to with -OutputPath.", run.Path, e);
        }
        catch (IOException e) when (!PlatformFiles.IsInUse(e))
        {
            throw AtomicFile.ErrorOf(run.Lock, e);
        }
        catch (IOException e)
        {
            throw new SegException("RunLocked", SegErrorKind.Resource,
                $"Another training is running in '{run.Path}': {Describe(run.Owner)}.",
                "Wait until it ends, stop it, or choose another folder with -OutputPath.", run.Path, e);
        }
    }

    private static string Describe(string ownerPath)
    {
        try
        {
            return JsonSerializer.Deserialize<Owner>(File.ReadAllText(ownerPath)) is { } owner
                ? string.Create(CultureInfo.InvariantCulture,
                    $"process {owner.ProcessId} of {owner.User} on {owner.Host}, since {owner.Since:yyyy-MM-dd HH:mm:ss zzz}")
                : "the owner is unknown";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return "the owner is unknown";
        }
    }
}
