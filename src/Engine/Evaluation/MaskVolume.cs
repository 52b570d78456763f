namespace MedSeg.Engine.Evaluation;

/// <summary>Volumes of the two masks: voxels times the volume of one voxel.</summary>
internal static class MaskVolume
{
    public static MaskMetric Prediction { get; } = new(
        "PredictionVolume", "mm³", "|P| · voxel volume; 0 for an empty mask.", c => c.PredictionVoxels * c.VoxelVolume);

    public static MaskMetric Reference { get; } = new(
        "ReferenceVolume", "mm³", "|G| · voxel volume; 0 for an empty mask.", c => c.ReferenceVoxels * c.VoxelVolume);
}
