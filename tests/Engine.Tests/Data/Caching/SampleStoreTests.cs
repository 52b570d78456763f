using System.Runtime.InteropServices;
using MedSeg.Engine.Data.Caching;
using MedSeg.Engine.Runtime;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Data.Caching;

public sealed class SampleStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reads_back_every_bit_from_memory_and_from_disk()
    {
        using var store = Store(memory: 4000, disk: 1 << 20, fileBytes: 1000);
        var random = new RandomStream(1);
        var written = Enumerable.Range(1, 60).Select(i => AnyBits(random, i)).ToList();
        var stored = written.ConvertAll(values => store.Add(values));

        Assert.InRange(store.MemoryBytes, 1, 4000);
        Assert.Equal(written.Sum(values => 4L * values.Length), store.MemoryBytes + store.DiskBytes);
        for (var i = 0; i < written.Count; i++)
        {
            Assert.Equal(written[i].Length, stored[i].Length);
            for (var start = 0; start < written[i].Length; start++)
            {
                var part = new float[written[i].Length - start];
                stored[i].CopyTo(start, part);
                AssertSame(written[i].AsSpan(start), part);
                AssertSame(part, stored[i].Read(start, new float[part.Length]));
            }
        }
    }

    [Fact]
    public void Nothing_is_written_while_memory_suffices()
    {
        using var store = Store(memory: 400, disk: 400);
        store.Add(new float[100]);
        Assert.Empty(Entries());
        Assert.Equal(0, store.DiskBytes);
    }

    [Fact]
    public void Later_small_arrays_use_what_is_left_of_memory()
    {
        using var store = Store(memory: 400, disk: 4000);
        store.Add(new float[60]);
        store.Add(new float[60]);
        store.Add(new float[40]);
        Assert.Equal((400, 240), (store.MemoryBytes, store.DiskBytes));
    }

    [Fact]
    public void An_array_larger_than_a_file_has_its_own()
    {
        using var store = Store(memory: 0, disk: 1 << 20, fileBytes: 64);
        var values = AnyBits(new RandomStream(2), 1000);
        var stored = store.Add(values);
        store.Add([1, 2, 3]);
        AssertSame(values, stored.Read(0, new float[1000]));
    }

    [Fact]
    public void Full_budgets_are_an_error_that_says_what_to_raise()
    {
        using var store = Store(memory: 400, disk: 800);
        var kept = store.Add(new float[100]);
        store.Add(new float[150]);
        var error = Assert.Throws<SegException>(() => store.Add(new float[51]));
        Assert.Equal(("CacheFull", SegErrorKind.Resource), (error.ErrorId, error.Kind));
        Assert.Contains(_folder.Path, error.Message);
        Assert.Contains("cache_memory_mb", error.Recommendation);
        store.Add(new float[50]);
        kept.CopyTo(0, new float[100]);
    }

    [Fact]
    public void Without_a_disk_budget_no_folder_is_made()
    {
        using var store = Store(memory: 4, disk: 0);
        Assert.Equal("CacheFull", Assert.Throws<SegException>(() => store.Add([1, 2])).ErrorId);
        Assert.Empty(Entries());
    }

    [Fact]
    public void Reads_outside_an_array_are_refused()
    {
        using var store = Store(memory: 40, disk: 400);
        foreach (var stored in new[] { store.Add(new float[10]), store.Add(new float[10]) })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => stored.CopyTo(-1, new float[1]));
            Assert.Throws<ArgumentOutOfRangeException>(() => stored.CopyTo(5, new float[6]));
            Assert.Throws<ArgumentOutOfRangeException>(() => stored.Read(11, []));
            Assert.Throws<ArgumentOutOfRangeException>(() => stored.Read(int.MaxValue, new float[1]));
            stored.CopyTo(10, []);
        }
    }

    [Fact]
    public void Many_threads_add_and_read()
    {
        using var store = Store(memory: 10_000, disk: 1 << 24, fileBytes: 5000);
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, thread =>
        {
            var random = new RandomStream(thread);
            var mine = new List<(float[] Values, StoredArray Stored)>();
            for (var i = 0; i < 200; i++)
            {
                var values = AnyBits(random, 1 + random.Next(90));
                mine.Add((values, store.Add(values)));
                var (expected, stored) = mine[random.Next(mine.Count)];
                var read = new float[expected.Length];
                stored.CopyTo(0, read);
                AssertSame(expected, read);
            }
        });
    }

    [Fact]
    public void Disposing_removes_everything_and_ends_reads_from_disk_only()
    {
        var store = Store(memory: 40, disk: 1 << 20, fileBytes: 64);
        var inMemory = store.Add(new float[10]);
        var onDisk = Enumerable.Range(0, 5).Select(_ => store.Add(new float[10])).ToList();
        Assert.NotEmpty(Entries());
        store.Dispose();
        store.Dispose();
        Assert.Empty(Entries());
        inMemory.CopyTo(0, new float[10]);
        Assert.All(onDisk, stored => Assert.Throws<ObjectDisposedException>(() => stored.CopyTo(0, new float[10])));
        Assert.Throws<ObjectDisposedException>(() => store.Add([1]));
    }

    [Fact]
    public void Disposing_while_others_read_ends_their_reads_cleanly()
    {
        var store = Store(memory: 0, disk: 1 << 20, fileBytes: 4000);
        var stored = Enumerable.Range(0, 20).Select(i => store.Add([.. Enumerable.Repeat((float)i, 500)])).ToList();
        using var started = new CountdownEvent(4);
        var readers = Enumerable.Range(0, 4).Select(r => Task.Run(() =>
        {
            var read = new float[500];
            started.Signal();
            try
            {
                for (var i = r; ; i = (i + 1) % stored.Count)
                {
                    stored[i].CopyTo(0, read);
                    if (read.Any(value => value != i))
                        return false;
                }
            }
            catch (ObjectDisposedException)
            {
                return true;
            }
        })).ToArray();
        started.Wait();
        store.Dispose();
        Assert.All(readers, reader => Assert.True(reader.Result));
    }

    [UnixFact]
    public void No_handle_or_mapping_is_left()
    {
        if (!Directory.Exists("/proc/self/fd"))
            return;
        for (var i = 0; i < 20; i++)
        {
            using var store = Store(memory: 0, disk: 1 << 20, fileBytes: 64);
            for (var k = 0; k < 10; k++)
                store.Add(new float[10]);
        }

        var open = Directory.GetFiles("/proc/self/fd").Select(fd => new FileInfo(fd).LinkTarget).OfType<string>();
        Assert.DoesNotContain(open, path => path.StartsWith(_folder.Path, StringComparison.Ordinal));
        Assert.DoesNotContain(_folder.Path, File.ReadAllText("/proc/self/maps"));
    }

    [Fact]
    public void A_killed_process_leaves_nothing_after_the_next_start_and_living_ones_keep_theirs()
    {
        using var living = Store(memory: 0, disk: 1 << 20, fileBytes: 64);
        var kept = Enumerable.Range(0, 5).Select(i => living.Add([i, i])).ToList();
        var own = Entries();
        using var child = ChildProgram.Start([], "hold-store", _folder.Path);
        Assert.Equal("ready", child.StandardOutput.ReadLine());
        Store(memory: 0, disk: 0).Dispose();
        Assert.Equal(2 * own.Length, Entries().Length);
        child.Kill();
        child.WaitForExit();
        if (!OperatingSystem.IsWindows())
            Assert.Empty(Directory.GetFiles(_folder.Path, "*.bin", SearchOption.AllDirectories));

        Store(memory: 0, disk: 0).Dispose();

        Assert.Equal(own, Entries());
        Assert.All(kept, (stored, i) => Assert.Equal([i, i], stored.Read(0, new float[2]).ToArray()));
    }

    [TmpfsFact]
    public void A_full_disk_is_an_error_that_leaves_nothing()
    {
        const string Script = """mount -t tmpfs -o size=2m tmpfs "$1" && folder="$1" && shift && exec "$@" "$folder" """;
        using var child = ChildProgram.Start(["unshare", "-Urm", "sh", "-c", Script, "sh", _folder.Path], "fill-disk");
        var output = child.StandardOutput.ReadToEnd();
        var errors = child.StandardError.ReadToEnd();
        child.WaitForExit();
        Assert.Equal("", errors);
        Assert.Equal("DiskFull 0", output.Trim());
        Assert.Equal(0, child.ExitCode);
    }

    [Theory]
    [InlineData(1000, 200, 400)]
    [InlineData(1000, 1000, 0)]
    [InlineData(1000, 1200, 0)]
    public void The_default_budget_is_half_of_the_free_memory(long total, long load, long expected) =>
        Assert.Equal(expected, SampleStoreLimits.AvailableShare(total, load));

    [Fact]
    public void The_configuration_sets_budgets_and_folder()
    {
        var loader = new LoaderConfig { CacheMemoryMb = 3, CacheDiskMb = 4, CachePath = "cache" };
        Assert.Equal(new SampleStoreLimits(3 << 20, 4 << 20, _folder.File("cache")), SampleStoreLimits.Of(loader, _folder.Path));
        var limits = SampleStoreLimits.Of(new LoaderConfig());
        Assert.Null(limits.DiskBytes);
        Assert.InRange(limits.MemoryBytes, 1, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2);
        Assert.Equal(Path.GetTempPath(), limits.Folder);
    }

    private SampleStore Store(long memory, long disk, long fileBytes = 1 << 20) =>
        new(new SampleStoreLimits(memory, disk, _folder.Path), null, fileBytes);

    private string[] Entries() => [.. Directory.GetFileSystemEntries(_folder.Path).Order(StringComparer.Ordinal)];

    /// <summary>Any bits at all, so that NaN payloads and negative zeros are among them.</summary>
    private static float[] AnyBits(RandomStream random, int count)
    {
        var values = new float[count];
        foreach (ref var value in values.AsSpan())
            value = BitConverter.UInt32BitsToSingle((uint)random.NextBits());
        return values;
    }

    private static void AssertSame(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual) =>
        Assert.True(MemoryMarshal.AsBytes(expected).SequenceEqual(MemoryMarshal.AsBytes(actual)), "A value has changed.");
}
