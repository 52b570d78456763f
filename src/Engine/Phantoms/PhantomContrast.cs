namespace MedSeg.Engine.Phantoms;

/// <summary>How bright tissues are under one kind of MRI, with the acquisition values its sidecar names.</summary>
/// <param name="Name">BIDS suffix.</param>
/// <param name="Signal">Mean signal of each <see cref="Tissue"/>, in the order of the enumeration.</param>
/// <param name="Noise">Standard deviation of the noise in both receiver channels.</param>
/// <param name="EchoTime">In seconds.</param>
/// <param name="RepetitionTime">In seconds.</param>
/// <param name="FlipAngle">In degrees.</param>
internal sealed record PhantomContrast(
    string Name, IReadOnlyList<double> Signal, double Noise, double EchoTime, double RepetitionTime, double FlipAngle)
{
    //                                      air  fat  muscle cort marrow disc csf  cord gray
    public static IReadOnlyList<PhantomContrast> All { get; } =
    [
        new("T1w", [8, 760, 380, 60, 560, 330, 200, 520, 480], 18, 0.00372, 2, 9),
        new("T2w", [8, 560, 200, 60, 330, 420, 900, 430, 470], 22, 0.12, 1.5, 120),
        new("T2star", [8, 380, 260, 50, 140, 520, 820, 500, 590], 26, 0.018, 0.6, 30),
        new("PDw", [8, 700, 520, 80, 480, 560, 820, 600, 640], 20, 0.015, 3, 90),
    ];

    public static string Names => string.Join(", ", All.Select(c => c.Name));

    public static PhantomContrast? Find(string name) => All.FirstOrDefault(c => string.Equals(c.Name, name, StringComparison.Ordinal));

    public static int IndexOf(PhantomContrast contrast) => All.ToList().IndexOf(contrast);
}
