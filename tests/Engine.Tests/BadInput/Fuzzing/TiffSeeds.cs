using BitMiracle.LibTiff.Classic;
using MedSeg.Engine.Tests.Imaging;

namespace MedSeg.Engine.Tests.BadInput.Fuzzing;

/// <summary>Sound TIFF files of the layouts that are read.</summary>
internal static class TiffSeeds
{
    public static List<byte[]> All(string folder)
    {
        var path = Path.Combine(folder, "seed.tif");
        return
        [
            Make("wl", 8, 1, Photometric.MINISBLACK, PlanarConfig.CONTIG, false, Compression.NONE),
            Make("wl", 16, 3, Photometric.RGB, PlanarConfig.SEPARATE, false, Compression.LZW),
            Make("wb", 8, 4, Photometric.RGB, PlanarConfig.CONTIG, true, Compression.ADOBE_DEFLATE),
            Make("wl", 1, 1, Photometric.MINISWHITE, PlanarConfig.CONTIG, false, Compression.PACKBITS),
            Make("wl", 8, 1, Photometric.PALETTE, PlanarConfig.CONTIG, true, Compression.LZW),
        ];

        byte[] Make(string order, int bits, int samples, Photometric photometric, PlanarConfig planar, bool tiled, Compression compression)
        {
            TiffBuilder.Write(path, order, bits, samples, photometric, planar, tiled, compression);
            var bytes = File.ReadAllBytes(path);
            File.Delete(path);
            return bytes;
        }
    }
}
