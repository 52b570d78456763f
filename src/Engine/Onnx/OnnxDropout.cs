using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Onnx;

/// <summary>
/// Dropout that stays in an exported file, for Monte-Carlo sampling: where the switch is true, channels or values are 0 with the
/// layer's rate p and else multiplied by 1/(1 − p), where it is false they are multiplied by 1.
/// </summary>
/// <remarks>
/// The numbers come from RandomUniformLike, whose generator lives as long as a loaded session and goes on from run to run. ONNX's own
/// Dropout won't do: ONNX Runtime starts it anew in each run from seeds that follow one another, and its linear congruential generator
/// then decides the same about the first channels run after run. Every layer has a seed of its own, drawn from the seed of the file. A
/// session that was just loaded draws the same numbers as any other on the same platform, if runs follow one another.
/// </remarks>
/// <param name="graph">Takes the nodes.</param>
/// <param name="isOn">Name of the switch.</param>
/// <param name="seed">Any number.</param>
internal sealed class OnnxDropout(OnnxGraph graph, string isOn, long seed)
{
    /// <summary>ONNX seeds are float32: whole numbers up to here are told apart.</summary>
    private const int LargestSeed = 1 << 24;

    private const int FloatType = 1;

    /// <summary>Number of layers emitted.</summary>
    public int Layers { get; private set; }

    /// <summary>Drops whole channels of each sample.</summary>
    /// <param name="x">(N,C,H,W) or (N,C,H,W,D).</param>
    /// <param name="rate">p, 0 … 1.</param>
    /// <param name="dimensions">2 or 3.</param>
    public string OfChannels(string x, double rate, int dimensions)
    {
        if (rate == 0)
            return x;
        var samplesAndChannels = graph.Node(
            "Slice", [graph.Node("Shape", [x]), graph.Constant("number_0", [0L]), graph.Constant("number_2", [2L]), graph.Constant("number_0", [0L])]);
        var shape = graph.Node("Concat", [samplesAndChannels, graph.Constant("one_per_axis", [.. Enumerable.Repeat(1L, dimensions)])], ("axis", 0));
        return Drop(x, graph.Node("Expand", [graph.Constant("one", [1f]), shape]), rate);
    }

    /// <summary>Drops single values.</summary>
    public string OfValues(string x, double rate) => rate == 0 ? x : Drop(x, x, rate);

    /// <param name="like">Has the shape of what is drawn.</param>
    private string Drop(string x, string like, double rate)
    {
        float layerSeed = new RandomStream(seed, Layers++).Next(LargestSeed);
        var drawn = graph.Node("RandomUniformLike", [like], ("seed", layerSeed), ("dtype", FloatType));
        var isDropped = graph.Node("Less", [drawn, Number("dropout_rate", rate)]);
        var factor = graph.Node("Where", [isDropped, Number("dropped", 0), Number("dropout_scale", rate < 1 ? 1 / (1 - rate) : 0)]);
        return graph.Node("Mul", [x, graph.Node("Where", [isOn, factor, graph.Constant("one", [1f])])]);
    }

    private string Number(string name, double value) =>
        graph.Constant(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name}_{value}"), [(float)value]);
}
