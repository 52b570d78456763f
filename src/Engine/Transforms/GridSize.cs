namespace MedSeg.Engine.Transforms;

/// <summary>Size of a sample along the axes H, W and D. Slices have D = 1; voxel (h, w, d) lies at (h·W + w)·D + d.</summary>
public readonly record struct GridSize(int H, int W, int D = 1)
{
    public int Count => checked(H * W * D);

    /// <summary>Size along axis 0 (H), 1 (W) or 2 (D).</summary>
    public int this[int axis] => axis switch { 0 => H, 1 => W, _ => D };

    /// <summary>The same grid with another size along one axis.</summary>
    public GridSize With(int axis, int size) => axis switch { 0 => this with { H = size }, 1 => this with { W = size }, _ => this with { D = size } };

    public override string ToString() => D == 1 ? $"{H}×{W}" : $"{H}×{W}×{D}";
}
