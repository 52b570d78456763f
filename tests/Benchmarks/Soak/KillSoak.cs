using System.Diagnostics;
using System.Globalization;
using MedSeg.Engine.Runtime;
using MedSeg.Engine.Tests.Training;

namespace MedSeg.Benchmarks.Soak;

/// <summary>
/// What the test of killed trainings does, as often as one likes: every training must end with the weights of the one that nobody
/// disturbed.
/// </summary>
public static class KillSoak
{
    private const string ChildCommand = "soak-child";

    /// <param name="args"><c>soak [kills] [seed]</c>, or the command line of a child.</param>
    /// <returns>0 when every run ended with the same bytes.</returns>
    public static int Run(string[] args, TextWriter output)
    {
        if (args is [ChildCommand, var kind, var data, .. var children]) return KilledTrainings.Child(kind, data, children);
        int kills = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 100;
        long seed = args.Length > 2 ? long.Parse(args[2], CultureInfo.InvariantCulture) : 1;
        string folder = SampleVolume.TemporaryFolder();
        try
        {
            return Soak(new KilledTrainings(folder, Start), kills, new RandomStream(seed), output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int Soak(KilledTrainings trainings, int kills, RandomStream random, TextWriter output)
    {
        IReadOnlyList<string> expected = trainings.Undisturbed();
        output.WriteLine($"undisturbed: {expected[0]}");
        int killed = 0, runs = 0, wrong = 0;
        while (killed < kills)
        {
            var (more, hashes) = trainings.Disturbed(random);
            int different = hashes.Where((hash, i) => hash != expected[i]).Count();
            (killed, runs, wrong) = (killed + more, runs + hashes.Count, wrong + different);
            output.WriteLine($"{runs} runs, {killed} kills so far, {(different == 0 ? "same" : "DIFFERENT")} weights");
        }

        output.WriteLine($"{killed} kills in {runs} runs, {wrong} with other weights");
        return wrong == 0 ? 0 : 1;
    }

    private static Process Start(string[] args) => Process.Start(
        new ProcessStartInfo(Environment.ProcessPath!, [typeof(KillSoak).Assembly.Location, ChildCommand, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
}
