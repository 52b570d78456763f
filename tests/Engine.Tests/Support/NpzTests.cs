using System.IO.Compression;
using System.Text;
using Xunit;

namespace MedSeg.Engine.Tests.Support;

public class NpzTests
{
    [Fact]
    public void Reads_shape_type_and_values()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("x.npz");
        using (var zip = ZipFile.Open(path, ZipArchiveMode.Create))
        using (var entry = zip.CreateEntry("a.b.npy").Open())
        {
            var header = "{'descr': '<i4', 'fortran_order': False, 'shape': (1, 2), }\n";
            entry.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), 5, 0, 0, 0, 255, 255, 255, 255]);
        }

        var array = new Npz(path)["a.b"];
        Assert.Equal([1, 2], array.Shape);
        Assert.Equal([5.0, -1.0], array.Doubles());
        Assert.Equal([5f, -1f], array.Floats());
    }

    [SharedFact]
    public void Reads_the_golden_losses() => Assert.Equal(16, Golden.Load("losses").Of("DiceLoss").Count);
}
