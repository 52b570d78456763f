using MedSeg.Engine.Tests.BadInput.Fuzzing;
using MedSeg.Engine.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace MedSeg.Engine.Tests.BadInput;

/// <summary>
/// Thousands of damaged files of every format. The benchmarks project runs the same for as long as one likes (<c>-- fuzz</c>).
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Cases = 250;
    private const long Seed = 20;

    /// <summary>A hundred times what all cases of a target need; reached only by a reader that does not come back.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static TheoryData<string> Targets => [.. FuzzTargets.Names];

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task Damaged_files_are_read_or_refused_and_nothing_else(string name)
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        var run = new FuzzRun(FuzzTargets.Of(name, folder.Path), Seed, folder.Path);
        run.ReadSeeds();
        var work = Task.Run(() => run.Run(0, Cases, stop.Token));
        if (await Task.WhenAny(work, Task.Delay(Patience)) != work)
        {
            await stop.CancelAsync();
            Assert.Fail($"hangs: {run.Current}");
        }

        var report = await work;
        output.WriteLine($"{report}");
        Assert.True(report.Refused > Cases / 20, $"{report}: the damage does not reach the reader.");
    }
}
