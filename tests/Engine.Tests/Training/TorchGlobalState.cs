using Xunit;

namespace MedSeg.Engine.Tests.Training;

/// <summary>
/// Tests whose result depends on torch's generator or thread count, which the whole process shares: they run alone, after the
/// parallel ones.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TorchGlobalState
{
    public const string Name = "torch's global state";
}
