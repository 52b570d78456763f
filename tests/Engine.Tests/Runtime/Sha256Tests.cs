using MedSeg.Engine.Runtime;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Runtime;

public class Sha256Tests
{
    /// <summary>The example of FIPS 180-2, appendix B.1.</summary>
    private const string OfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    [Fact]
    public void Hashes_the_published_example()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("x"), "abc"u8.ToArray());
        Assert.Equal(OfAbc, Sha256.OfBytes("abc"u8));
        Assert.Equal(OfAbc, Sha256.OfFile(folder.File("x")));
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var error = Assert.Throws<SegException>(() => Sha256.OfFile("/no/such/file.bin"));
        Assert.Equal("FileNotFound", error.ErrorId);
        Assert.Contains("file.bin", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancels()
    {
        using var stream = new MemoryStream(new byte[10]);
        Assert.Throws<OperationCanceledException>(() => Sha256.OfStream(stream, new CancellationToken(canceled: true)));
    }
}
