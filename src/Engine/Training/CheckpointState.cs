using System.Text.Json.Nodes;

namespace MedSeg.Engine.Training;

/// <summary>Everything but tensors that continuing a run needs.</summary>
/// <param name="Format">Version of this layout.</param>
/// <param name="Identity">What may not change between sittings.</param>
/// <param name="Position">Where the run stands.</param>
internal sealed record CheckpointState(int Format, RunIdentity Identity, RunPosition Position)
{
    public const int CurrentFormat = 2;
}

/// <summary>What makes a run this run: continuing is refused when any of it differs.</summary>
/// <param name="Config">The merged configuration, in file form, without keys that change nothing (output folder and the like).</param>
/// <param name="Seed">Seed of weights, order, augmentation and dropout.</param>
/// <param name="Split">Who trains and who validates.</param>
/// <param name="Data">SHA-256 over names and sizes of the training and validation files.</param>
internal sealed record RunIdentity(JsonNode Config, long Seed, SegSplit Split, string Data);
