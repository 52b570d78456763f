using System.Runtime.CompilerServices;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Tests.Support;

/// <summary>Tests run side by side, so each computes with one thread: more would wait for each other on a busy machine.</summary>
internal static class TestThreads
{
    [ModuleInitializer]
    internal static void Choose()
    {
        if (Environment.GetEnvironmentVariable(PlatformProcessor.ThreadsVariable) is null)
            Environment.SetEnvironmentVariable(PlatformProcessor.ThreadsVariable, "1");
    }
}
