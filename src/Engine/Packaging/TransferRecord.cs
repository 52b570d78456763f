namespace MedSeg.Engine.Packaging;

/// <summary>How a training began with the weights of another model.</summary>
/// <param name="Source">As the configuration names it.</param>
/// <param name="Sha256">Of the file with the weights.</param>
/// <param name="Taken">Layers that began with the model's weights.</param>
/// <param name="Fresh">Layers that the model lacks or has in another shape; they are always trained.</param>
/// <param name="Frozen">Layers that were not trained.</param>
internal sealed record TransferRecord(
    string Source, string Sha256, IReadOnlyList<string> Taken, IReadOnlyList<string> Fresh, IReadOnlyList<string> Frozen);
