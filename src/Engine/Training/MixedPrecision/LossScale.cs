namespace MedSeg.Engine.Training.MixedPrecision;

/// <summary>The number that losses are multiplied by before the backward pass in float16, whose smallest numbers gradients would fall below.</summary>
/// <param name="Factor">A power of two.</param>
/// <param name="GoodSteps">Batches since it was last changed.</param>
internal readonly record struct LossScale(double Factor, int GoodSteps)
{
    /// <summary>Below this no scale is to blame for gradients that are not finite.</summary>
    public const double Smallest = 1;

    private const double Largest = 16777216;
    private const int StepsToGrow = 2000;

    public static LossScale First => new(65536, 0);

    /// <summary>
    /// Half of it after a batch whose gradients were too large for float16, twice after 2,000 good ones (Micikevicius et al. 2018, the
    /// numbers are PyTorch's).
    /// </summary>
    public LossScale Next(bool finite)
    {
        if (!finite) return new(Math.Max(Smallest, Factor / 2), 0);
        return GoodSteps + 1 < StepsToGrow ? this with { GoodSteps = GoodSteps + 1 } : new(Math.Min(Largest, Factor * 2), 0);
    }
}
