using Xunit;

namespace MedSeg.Cmdlets.Tests.Support;

/// <summary>
/// Tests that compare weights bit by bit: two trainings at a time in one process share torch's threads. They run after the parallel
/// ones.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneInTheProcess
{
    public const string Name = "alone in the process";
}
