namespace MedSeg.Engine.Evaluation;

/// <summary>Voxels along x, y and z of a part of an image.</summary>
/// <param name="X">Fastest in memory.</param>
/// <param name="Y">Second.</param>
/// <param name="Z">Slowest.</param>
internal readonly record struct Box(int X, int Y, int Z)
{
    public int Count => X * Y * Z;
}
