using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Tests.BadInput.Fuzzing;

/// <summary>What a number of damaged files came to.</summary>
internal sealed record FuzzReport(string Target, int Read, int Refused, long MostAllocated, double SlowestSeconds);

/// <summary>
/// Gives damaged files to a reader and demands: a result that does not contradict itself, or one <see cref="SegException"/> that
/// names the file and says what to do; memory in proportion to the file; the file, and the folder, as they were.
/// </summary>
internal sealed class FuzzRun(FuzzTarget target, long seed, string folder)
{
    /// <summary>A result may be held, copied into another order, and grown towards by doubling.</summary>
    private const int Copies = 6;

    private int _current;

    /// <summary>The file under way, for whoever finds this run hanging.</summary>
    public string Current => $"{target.Name}, seed {seed}, case {Volatile.Read(ref _current)}";

    /// <summary>The damaged content of one case.</summary>
    public byte[] Content(int number)
    {
        var random = new RandomStream(seed, number);
        var sound = target.Seeds[random.Next(target.Seeds.Count)];
        return target.Wrap(Mutation.Of(sound, target.Seeds, target.IsText, random), random);
    }

    /// <summary>The sound files are read: else their damage would prove nothing.</summary>
    public void ReadSeeds()
    {
        foreach (var seedFile in target.Seeds)
        {
            var path = Path.Combine(folder, target.FileName);
            File.WriteAllBytes(path, target.Wrap(seedFile, new RandomStream(seed)));
            target.Read(path, CancellationToken.None);
        }
    }

    /// <exception cref="InvalidOperationException">A demand was not met; the message has the case and the content.</exception>
    public FuzzReport Run(int first, int count, CancellationToken ct)
    {
        var path = Path.Combine(folder, target.FileName);
        int read = 0, refused = 0, files = 0;
        long most = 0;
        double slowest = 0;
        for (var number = first; number < first + count && !ct.IsCancellationRequested; number++)
        {
            Volatile.Write(ref _current, number);
            var content = Content(number);
            File.WriteAllBytes(path, content);
            files = files == 0 ? Directory.GetFileSystemEntries(folder).Length : files;
            var watch = System.Diagnostics.Stopwatch.StartNew();
            var before = GC.GetAllocatedBytesForCurrentThread();
            var (result, error) = Try(path, ct);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            slowest = Math.Max(slowest, watch.Elapsed.TotalSeconds);
            if (ct.IsCancellationRequested)
                break;
            most = Math.Max(most, allocated);
            _ = error is null ? read++ : refused++;
            var bound = target.Allowance + (target.AllowancePerByte * content.Length) + (Copies * result);
            var problem = error is not null and not SegException ? $"crashed: {error}"
                : error is SegException said ? Complaint(said)
                : null;
            problem ??= allocated > bound ? $"allocated {allocated} bytes where {bound} are allowed ({error?.Message ?? "it was read"})" : null;
            problem ??= !File.ReadAllBytes(path).AsSpan().SequenceEqual(content) ? "changed the file" : null;
            problem ??= number % 16 == 0 && Directory.GetFileSystemEntries(folder).Length != files ? "left another file" : null;
            if (problem is not null)
                throw new InvalidOperationException($"{Current}, {content.Length} bytes: {problem}\n{Convert.ToBase64String(content.AsSpan(0, Math.Min(content.Length, 6000)))}");
        }

        return new FuzzReport(target.Name, read, refused, most, slowest);
    }

    private (long Result, Exception? Error) Try(string path, CancellationToken ct)
    {
        try
        {
            return (target.Read(path, ct), null);
        }
        catch (Exception error)
        {
            return (0, error);
        }
    }

    private string? Complaint(SegException error) =>
        !error.Message.Contains(target.FileName, StringComparison.Ordinal) ? $"does not name the file: {error.Message}"
        : string.IsNullOrWhiteSpace(error.Recommendation) ? $"recommends nothing: {error.Message}"
        : string.IsNullOrWhiteSpace(error.ErrorId) ? $"has no id: {error.Message}"
        : null;
}
