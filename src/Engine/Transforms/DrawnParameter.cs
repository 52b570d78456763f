using System.Globalization;

namespace MedSeg.Engine.Transforms;

/// <summary>One parameter that was drawn or worked out for a sample, for people to read.</summary>
/// <param name="Name">For example angle.</param>
/// <param name="Values">One number, or one for each axis or channel.</param>
/// <param name="Unit">deg, mm, voxels; empty where there is none.</param>
public sealed record DrawnParameter(string Name, IReadOnlyList<double> Values, string Unit = "")
{
    /// <summary>A parameter of one number.</summary>
    public static DrawnParameter Of(string name, double value, string unit = "") => new(name, [value], unit);

    /// <summary>Three significant digits, with a point on every machine: <c>angle -3.21 deg</c>.</summary>
    public override string ToString() =>
        string.Join(' ', new[] { Name }.Concat(Values.Select(Number)).Append(Unit).Where(part => part.Length > 0));

    private static string Number(double value) =>
        value.ToString(Math.Abs(value) is >= 1000 and < 1e7 ? "0" : "G3", CultureInfo.InvariantCulture);
}
