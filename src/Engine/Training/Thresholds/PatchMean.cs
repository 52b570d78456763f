using MedSeg.Engine.Data.Patches;
using MedSeg.Engine.Transforms;

namespace MedSeg.Engine.Training.Thresholds;

/// <summary>Puts the patches of one slice or volume together again: where they overlap, probabilities are averaged, as in prediction.</summary>
/// <param name="classes">K.</param>
internal sealed class PatchMean(int classes)
{
    private readonly List<(PatchCorner Corner, GridSize Size, float[] Prediction, float[] Reference)> _patches = [];

    /// <summary>Adds a patch; the arrays are kept.</summary>
    /// <param name="prediction">K·H·W·D values of the patch.</param>
    /// <param name="reference">The same of its labels.</param>
    public void Add(PatchCorner corner, GridSize size, float[] prediction, float[] reference) => _patches.Add((corner, size, prediction, reference));

    /// <summary>Counts every voxel that lies in a patch once, and forgets the patches.</summary>
    public void CountInto(ThresholdCounts counts)
    {
        if (_patches.Count == 0) return;
        var grid = new GridSize(_patches.Max(p => p.Corner.H + p.Size.H), _patches.Max(p => p.Corner.W + p.Size.W), _patches.Max(p => p.Corner.D + p.Size.D));
        int[] visits = new int[grid.Count];
        foreach (var patch in _patches) Visit(patch.Corner, patch.Size, grid, (_, at) => visits[at]++);
        int[] covered = [.. Enumerable.Range(0, grid.Count).Where(i => visits[i] > 0)];
        for (int k = 0; k < classes; k++)
        {
            float[] sum = new float[grid.Count], reference = new float[grid.Count];
            foreach (var patch in _patches)
            {
                int start = k * patch.Size.Count;
                Visit(patch.Corner, patch.Size, grid, (from, at) =>
                {
                    sum[at] += patch.Prediction[start + from];
                    reference[at] = patch.Reference[start + from];
                });
            }

            counts.Add(Array.ConvertAll(covered, i => sum[i] / visits[i]), Array.ConvertAll(covered, i => reference[i]));
        }

        _patches.Clear();
    }

    /// <summary>Calls with each voxel of a patch: its place in the patch, and in the grid.</summary>
    private static void Visit(PatchCorner corner, GridSize size, GridSize grid, Action<int, int> each)
    {
        int from = 0;
        for (int h = 0; h < size.H; h++)
        {
            for (int w = 0; w < size.W; w++)
            {
                int line = ((((corner.H + h) * grid.W) + corner.W + w) * grid.D) + corner.D;
                for (int d = 0; d < size.D; d++) each(from++, line + d);
            }
        }
    }
}
