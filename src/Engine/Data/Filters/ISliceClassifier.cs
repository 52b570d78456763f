using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Data.Filters;

/// <summary>Judges whether a slice is worth training on: <c>filter_classification</c>. Must be safe to use from several threads.</summary>
public interface ISliceClassifier
{
    /// <summary>Probability that the slice is to be kept, 0 … 1.</summary>
    /// <param name="slice">One channel as it was read, sample.Size.Count values.</param>
    /// <param name="sample">Grid and voxel size.</param>
    double Probability(ReadOnlySpan<float> slice, SampleInfo sample);
}
