using System.Globalization;
using System.Text.Json;

namespace MedSeg.Engine.Tests.Support;

/// <summary>One case of a golden group: what was called with what, and what came out.</summary>
public sealed class GoldenCase(JsonElement json, Npz arrays)
{
    public string Name => json.GetProperty("name").GetString()!;

    /// <summary>Name of the function or class that was called.</summary>
    public string Function => json.GetProperty("fn").GetString()!;

    public JsonElement Parameters => json.GetProperty("params");

    public JsonElement Json => json;

    /// <summary>The array that an argument names.</summary>
    public NpyArray In(string argument) => arrays[json.GetProperty("in").GetProperty(argument).GetString()!];

    /// <summary>The array that a result names.</summary>
    public NpyArray Out(string result) => arrays[json.GetProperty("out").GetProperty(result).GetString()!];

    /// <summary>A result that is one number; NaN and infinities are strings in the file.</summary>
    public double Number(string result)
    {
        var value = json.GetProperty("out").GetProperty(result);
        return value.ValueKind == JsonValueKind.Number
            ? value.GetDouble()
            : value.GetString()!.ToUpperInvariant() switch
            {
                "NAN" => double.NaN,
                "INF" or "INFINITY" => double.PositiveInfinity,
                "-INF" or "-INFINITY" => double.NegativeInfinity,
                var text => double.Parse(text, CultureInfo.InvariantCulture),
            };
    }

    public override string ToString() => Name;
}

/// <summary>A group of golden figures: <c>shared/golden/NAME.json</c> with <c>NAME.npz</c>.</summary>
public sealed class Golden
{
    private Golden(string group)
    {
        Arrays = new Npz(SharedFolder.File("golden", group + ".npz"));
        using var document = JsonDocument.Parse(File.ReadAllText(SharedFolder.File("golden", group + ".json")));
        Cases = [.. document.RootElement.GetProperty("cases").EnumerateArray().Select(c => new GoldenCase(c.Clone(), Arrays))];
    }

    public Npz Arrays { get; }

    public IReadOnlyList<GoldenCase> Cases { get; }

    public static Golden Load(string group) => new(group);

    /// <summary>Cases of one function; at least one, so that a test over them can't pass without doing anything.</summary>
    public IReadOnlyList<GoldenCase> Of(string function)
    {
        var cases = Cases.Where(c => c.Function == function).ToList();
        return cases.Count > 0 ? cases : throw new InvalidOperationException($"No golden case of '{function}'.");
    }
}
