using System.Buffers.Binary;
using System.Text;
using MedSeg.Build;
using TorchSharp;
using Xunit;

namespace MedSeg.Engine.Tests.Build;

public sealed class GlibcxxWeakenerTests
{
    private const int NeedSection = 0x100;
    private const int StringSection = 0x180;
    private const int SectionHeaders = 0x200;

    [Fact]
    public void Sets_the_weak_flag_of_the_named_version_only()
    {
        byte[] image = ElfWithVersions("GLIBCXX_3.4.30", GlibcxxWeakener.Version, "GLIBCXX_3.4.3");

        Assert.True(GlibcxxWeakener.Weaken(image, GlibcxxWeakener.Version));

        Assert.Equal([0, 2, 0], Flags(image, 3));
    }

    [Fact]
    public void A_second_run_changes_nothing()
    {
        byte[] image = ElfWithVersions(GlibcxxWeakener.Version);
        GlibcxxWeakener.Weaken(image, GlibcxxWeakener.Version);
        byte[] once = [.. image];

        Assert.False(GlibcxxWeakener.Weaken(image, GlibcxxWeakener.Version));

        Assert.Equal(once, image);
    }

    [Theory]
    [InlineData("GLIBCXX_3.4.30")]
    [InlineData("GLIBCXX_3.4.321")]
    [InlineData("XGLIBCXX_3.4.32")]
    public void A_file_without_the_version_is_left_alone(string version)
    {
        byte[] image = ElfWithVersions(version);
        byte[] before = [.. image];

        Assert.False(GlibcxxWeakener.Weaken(image, GlibcxxWeakener.Version));

        Assert.Equal(before, image);
    }

    [Fact]
    public void Other_files_are_left_alone()
    {
        Assert.False(GlibcxxWeakener.Weaken([], GlibcxxWeakener.Version));
        Assert.False(GlibcxxWeakener.Weaken(Encoding.ASCII.GetBytes("MZ" + new string('x', 200)), GlibcxxWeakener.Version));
    }

    [Theory]
    [InlineData(40, 0x7fffffffffffffffL)]
    [InlineData(40, -8L)]
    [InlineData(SectionHeaders + 24, 0x10000000L)]
    [InlineData(SectionHeaders + 64 + 24, 0x10000000L)]
    public void An_offset_outside_the_file_is_an_error(int at, long value)
    {
        byte[] image = ElfWithVersions(GlibcxxWeakener.Version);
        BinaryPrimitives.WriteInt64LittleEndian(image.AsSpan(at), value);

        Assert.Throws<InvalidDataException>(() => GlibcxxWeakener.Weaken(image, GlibcxxWeakener.Version));
    }

    [Fact]
    public void The_source_file_keeps_its_bytes()
    {
        string folder = Directory.CreateTempSubdirectory("medseg-").FullName;
        try
        {
            string source = Path.Combine(folder, "source.so");
            string destination = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "out")).FullName, "destination.so");
            byte[] image = ElfWithVersions(GlibcxxWeakener.Version);
            File.WriteAllBytes(source, image);

            Assert.True(GlibcxxWeakener.Copy(source, destination));

            Assert.Equal(image, File.ReadAllBytes(source));
            Assert.Equal([2], Flags(File.ReadAllBytes(destination), 1));
            Assert.Equal(["destination.so"], Directory.GetFiles(Path.GetDirectoryName(destination)!).Select(Path.GetFileName));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void TorchSharp_loads_from_the_output_folder()
    {
        using torch.Tensor sum = torch.ones(2, 3).sum();

        Assert.Equal(6f, sum.item<float>());
    }

    /// <summary>The smallest ELF64 with one "versions needed" section: its header, one library with the versions, the strings.</summary>
    private static byte[] ElfWithVersions(params string[] versions)
    {
        var image = new byte[SectionHeaders + (2 * 64)];
        byte[] magic = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        magic.CopyTo(image, 0);
        Write64(image, 40, SectionHeaders);
        Write16(image, 58, 64);
        Write16(image, 60, 2);

        Write32(image, SectionHeaders + 4, 0x6ffffffe);
        Write64(image, SectionHeaders + 24, NeedSection);
        Write32(image, SectionHeaders + 40, 1);
        Write32(image, SectionHeaders + 44, 1);
        Write64(image, SectionHeaders + 64 + 24, StringSection);

        Write16(image, NeedSection, 1);
        Write16(image, NeedSection + 2, versions.Length);
        Write32(image, NeedSection + 8, 16);
        int text = StringSection + 1;
        for (int i = 0; i < versions.Length; i++)
        {
            int entry = NeedSection + 16 + (i * 16);
            Write32(image, entry + 8, text - StringSection);
            Write32(image, entry + 12, i + 1 < versions.Length ? 16 : 0);
            text += Encoding.ASCII.GetBytes(versions[i], image.AsSpan(text)) + 1;
        }

        return image;
    }

    private static int[] Flags(byte[] image, int versions) =>
        [.. Enumerable.Range(0, versions).Select(i => (int)BinaryPrimitives.ReadUInt16LittleEndian(image.AsSpan(NeedSection + 20 + (i * 16))))];

    private static void Write16(byte[] image, int at, int value) => BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(at), (ushort)value);

    private static void Write32(byte[] image, int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(at), value);

    private static void Write64(byte[] image, int at, long value) => BinaryPrimitives.WriteInt64LittleEndian(image.AsSpan(at), value);
}
