using System.Diagnostics;
using MedSeg.Engine.Data.Caching;
using MedSeg.Engine.Tests.Networks;
using MedSeg.Engine.Tests.Training;
using MedSeg.Engine.Tests.Training.Series;

namespace MedSeg.Engine.Tests.Support;

/// <summary>
/// The test assembly as a program: tests of killed processes and full disks run parts of the engine in a process of their own.
/// </summary>
public static class ChildProgram
{
    public static int Main(string[] args) => args switch
    {
        ["hold-store", var folder] => HoldStore(folder),
        ["fill-disk", var folder] => FillDisk(folder),
        ["train-endless", var data, var run] => HostileTrainings.Endless(data, run),
        ["train-refused", var data, var run] => HostileTrainings.Refused(data, run),
        ["train-full-disk", var data, var disk] => HostileTrainings.FullDisk(data, disk),
        ["footprint", var network] => KeptMemory.Measure(network),
        ["series", var data, var run] => KilledSeriesTests.Child(data, run),
        ["train", var kind, var data, .. var runs] => KilledTrainings.Child(kind, data, runs),
        _ => 64,
    };

    /// <summary>Starts the program; its output is redirected.</summary>
    /// <param name="through">A command and its arguments that runs the program, for example unshare; empty starts it directly.</param>
    /// <param name="args">As for <see cref="Main"/>.</param>
    public static Process Start(IReadOnlyList<string> through, params IReadOnlyList<string> args)
    {
        string[] command = [.. through, "dotnet", typeof(ChildProgram).Assembly.Location, .. args];
        return Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        })!;
    }

    /// <summary>Spills, says so and waits to be killed.</summary>
    private static int HoldStore(string folder)
    {
        using var store = new SampleStore(new SampleStoreLimits(0, 1 << 20, folder), null, fileBytes: 64);
        for (var i = 0; i < 10; i++)
            store.Add(new float[10]);
        Console.WriteLine("ready");
        Console.ReadLine();
        return 0;
    }

    /// <summary>Adds until the disk is full, then checks what is there; prints the error id and what remains in the folder.</summary>
    private static int FillDisk(string folder)
    {
        var value = 0;
        var error = "none";
        using (var store = new SampleStore(new SampleStoreLimits(0, 1 << 30, folder), null, fileBytes: 300_000))
        {
            var arrays = new List<StoredArray>();
            try
            {
                while (value < 1000)
                    arrays.Add(store.Add([.. Enumerable.Repeat((float)value++, 25_000)]));
            }
            catch (SegException full)
            {
                error = full.ErrorId;
            }

            for (var i = 0; i < arrays.Count; i++)
            {
                var read = new float[25_000];
                arrays[i].CopyTo(0, read);
                if (read.Any(v => v != i))
                    return 1;
            }
        }

        Console.WriteLine($"{error} {Directory.GetFileSystemEntries(folder).Length}");
        return 0;
    }
}
