namespace MedSeg.Engine.Evaluation;

/// <summary>Division that says NaN, never infinity, where there is nothing to divide by.</summary>
internal static class Ratio
{
    public static double Of(double part, double whole) => whole == 0 ? double.NaN : part / whole;
}
