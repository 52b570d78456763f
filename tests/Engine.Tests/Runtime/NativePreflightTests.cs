using MedSeg.Engine.Runtime;
using Xunit;

namespace MedSeg.Engine.Tests.Runtime;

public class NativePreflightTests
{
    [Fact]
    public void Loading_leaves_the_environment_as_it_was()
    {
        NativePreflight.EnsureTorch();
        NativePreflight.EnsureTorch();
        Assert.Null(Environment.GetEnvironmentVariable("OMP_WAIT_POLICY"));
        Assert.Equal(PlatformProcessor.DefaultThreads, TorchSharp.torch.get_num_threads());
    }

    [Theory]
    [InlineData("libLibTorchSharp.so: version `GLIBCXX_3.4.32' not found", "C++ library")]
    [InlineData("/lib/libc.so.6: version `GLIBC_2.38' not found", "C++ library")]
    public void Old_systems_get_their_own_advice(string message, string expected) =>
        Assert.Contains(expected, PlatformNative.Remedy(message), StringComparison.Ordinal);
}
