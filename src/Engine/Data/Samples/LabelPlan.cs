namespace MedSeg.Engine.Data.Samples;

/// <summary>Which label file each class has from each rater: <c>target_suffix</c>.</summary>
/// <remarks>A class with one suffix beside classes of several raters is shared by all raters.</remarks>
internal sealed class LabelPlan
{
    private readonly string[][] _suffixes;

    private LabelPlan(string[][] suffixes) => (_suffixes, Raters) = (suffixes, suffixes.Max(raters => raters.Length));

    /// <summary>K.</summary>
    public int Classes => _suffixes.Length;

    /// <summary>Raters per class; 1 without raters.</summary>
    public int Raters { get; }

    /// <summary>The suffixes of each class, one per rater.</summary>
    public IReadOnlyList<IReadOnlyList<string>> OfClasses => _suffixes;

    /// <exception cref="SegException"><c>NoTargetSuffix</c>, or <c>RatersDiffer</c>: classes have different numbers of raters.</exception>
    public static LabelPlan Of(LoaderConfig loader)
    {
        ArgumentNullException.ThrowIfNull(loader);
        string[][] suffixes = loader.TargetSuffixRaters.Length > 0 ? loader.TargetSuffixRaters : [.. loader.TargetSuffix.Select(suffix => new[] { suffix })];
        if (suffixes.Length == 0 || suffixes.Any(raters => raters.Length == 0))
        {
            throw new SegException(
                "NoTargetSuffix", SegErrorKind.InvalidArgument, "loader_parameters.target_suffix is empty: there is nothing to learn.",
                "Name the label suffix of each class, for example _seg-manual.", "loader_parameters.target_suffix");
        }

        var plan = new LabelPlan(suffixes);
        var other = Array.Find(suffixes, raters => raters.Length != 1 && raters.Length != plan.Raters);
        return other is null ? plan : throw new SegException(
            "RatersDiffer", SegErrorKind.InvalidArgument,
            $"loader_parameters.target_suffix names {plan.Raters} raters for one class and {other.Length} for another ({string.Join(", ", other)}).",
            "Name the same raters in the same order for every class, or one suffix for a class that they share.", "loader_parameters.target_suffix");
    }

    /// <summary>The label suffix of a class from a rater.</summary>
    public string Suffix(int k, int rater) => _suffixes[k].Length == 1 ? _suffixes[k][0] : _suffixes[k][rater];
}
