using System.Text.RegularExpressions;
using Xunit;

namespace MedSeg.Engine.Tests.Architecture;

/// <summary>The rooms of the engine stand on floors; imports point down only (docs/architecture.md).</summary>
public class RoomTests
{
    private static readonly string[][] Floors =
    [
        ["Runtime"],
        ["Imaging", "Configuration"],
        ["Bids", "Phantoms", "Transforms", "Networks", "Losses", "Evaluation"],
        ["Data", "Onnx", "Reporting"],
        ["Packaging"],
        ["Inference", "Training"],
    ];

    private static readonly Regex Import = new(@"^using (?:static )?MedSeg\.Engine\.(\w+)", RegexOptions.Multiline);

    public static TheoryData<string> Rooms => [.. Directory.GetDirectories(EngineFolder()).Select(Path.GetFileName).OfType<string>().Where(d => d is not ("bin" or "obj"))];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Imports_point_down(string room)
    {
        int floor = FloorOf(room);
        Assert.All(Directory.EnumerateFiles(Path.Combine(EngineFolder(), room), "*.cs", SearchOption.AllDirectories), file =>
        {
            foreach (Match match in Import.Matches(File.ReadAllText(file)))
            {
                string other = match.Groups[1].Value;
                Assert.True(other == room || FloorOf(other) < floor, $"{Path.GetFileName(file)} in {room} imports {other}, which is not below it.");
            }
        });
    }

    private static int FloorOf(string room)
    {
        int floor = Array.FindIndex(Floors, f => f.Contains(room));
        Assert.True(floor >= 0, $"{room} is a new room: give it a floor here and a line in docs/architecture.md.");
        return floor;
    }

    private static string EngineFolder()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MedSeg.PowerShell.sln"))) return Path.Combine(folder.FullName, "src", "Engine");
        }

        throw new DirectoryNotFoundException("These tests look at the source tree above their output folder.");
    }
}
