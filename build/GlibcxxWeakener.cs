#nullable disable
#pragma warning disable IDE0005 // Compiled by MSBuild's task factory, which has no implicit usings.
using System;
using System.IO;
using System.Text;

namespace MedSeg.Build;

/// <summary>
/// Marks one symbol version that an ELF file needs as weak, so that the dynamic linker accepts a libstdc++ without it.
/// </summary>
/// <remarks>
/// TorchSharp's Linux library asks for <c>GLIBCXX_3.4.32</c> through one symbol, <c>_ZSt21ios_base_library_initv</c>, that no
/// relocation uses: a marker which newer compilers leave behind. Debian 12 and Ubuntu 22.04 end at 3.4.30 and refuse the
/// file. <c>VER_FLG_WEAK</c> in the entry of <c>.gnu.version_r</c> is what the format has for this case.
/// Format: System V ABI, "Symbol Versioning" (Elf64_Verneed and Elf64_Vernaux); little-endian ELF64 only.
/// Written for MSBuild's inline tasks, hence in plain C# over byte arrays.
/// </remarks>
public static class GlibcxxWeakener
{
    /// <summary>The version that only the unused marker symbol asks for.</summary>
    public const string Version = "GLIBCXX_3.4.32";

    private const int SectionVerneed = 0x6ffffffe;
    private const int VersionFlagWeak = 2;

    /// <summary>Writes <paramref name="source"/> to <paramref name="destination"/>, weakened where needed. The source is never changed.</summary>
    /// <returns>True when an entry was changed.</returns>
    public static bool Copy(string source, string destination)
    {
        byte[] image = File.ReadAllBytes(source);
        bool changed = Weaken(image, Version);
        string temporary = destination + ".tmp";
        File.WriteAllBytes(temporary, image);
        File.Delete(destination);
        File.Move(temporary, destination);
        return changed;
    }

    /// <summary>Sets the weak flag on the entries of <paramref name="version"/>.</summary>
    /// <param name="image">The bytes of an ELF file; anything else is left alone.</param>
    /// <param name="version">Name of the symbol version.</param>
    /// <returns>True when a flag was set, false when there was none to set.</returns>
    /// <exception cref="InvalidDataException">An offset of the file points outside it.</exception>
    public static bool Weaken(byte[] image, string version)
    {
        if (!IsElf64LittleEndian(image))
            return false;
        long sections = Int64(image, 40);
        int sectionSize = UInt16(image, 58);
        int sectionCount = UInt16(image, 60);
        bool changed = false;
        for (int i = 0; i < sectionCount; i++)
        {
            long header = sections + ((long)i * sectionSize);
            if (Int32(image, header + 4) != SectionVerneed)
                continue;
            long strings = sections + ((long)Int32(image, header + 40) * sectionSize);
            changed |= WeakenSection(
                image, Int64(image, header + 24), Int32(image, header + 44), Int64(image, strings + 24), Encoding.ASCII.GetBytes(version + "\0"));
        }

        return changed;
    }

    private static bool WeakenSection(byte[] image, long need, int needs, long strings, byte[] version)
    {
        bool changed = false;
        for (int i = 0; i < needs; i++)
        {
            int entries = UInt16(image, need + 2);
            long entry = need + (uint)Int32(image, need + 8);
            for (int j = 0; j < entries; j++)
            {
                if (Matches(image, strings + (uint)Int32(image, entry + 8), version))
                {
                    changed |= (UInt16(image, entry + 4) & VersionFlagWeak) == 0;
                    image[entry + 4] |= VersionFlagWeak;
                }

                entry += (uint)Int32(image, entry + 12);
            }

            need += (uint)Int32(image, need + 12);
        }

        return changed;
    }

    private static bool IsElf64LittleEndian(byte[] image)
    {
        return image.Length >= 64 && image[0] == 0x7f && image[1] == 'E' && image[2] == 'L' && image[3] == 'F'
            && image[4] == 2 && image[5] == 1;
    }

    private static bool Matches(byte[] image, long offset, byte[] text)
    {
        Check(image, offset, 0);
        for (int i = 0; i < text.Length; i++)
        {
            if (offset + i >= image.Length || image[offset + i] != text[i])
                return false;
        }

        return true;
    }

    private static int UInt16(byte[] image, long offset)
    {
        return BitConverter.ToUInt16(image, Check(image, offset, 2));
    }

    private static int Int32(byte[] image, long offset)
    {
        return BitConverter.ToInt32(image, Check(image, offset, 4));
    }

    private static long Int64(byte[] image, long offset)
    {
        return BitConverter.ToInt64(image, Check(image, offset, 8));
    }

    private static int Check(byte[] image, long offset, int size)
    {
        if (offset < 0 || offset > image.Length - size)
            throw new InvalidDataException("The ELF file points to byte " + offset + ", outside its " + image.Length + " bytes.");
        return (int)offset;
    }
}

#if !UNIT_TEST
/// <summary>MSBuild's way to <see cref="GlibcxxWeakener.Copy"/>.</summary>
public class WeakenGlibcxx : Microsoft.Build.Utilities.Task
{
    [Microsoft.Build.Framework.Required]
    public string Source { get; set; }

    [Microsoft.Build.Framework.Required]
    public string Destination { get; set; }

    public override bool Execute()
    {
        bool changed = GlibcxxWeakener.Copy(Source, Destination);
        Log.LogMessage(
            Microsoft.Build.Framework.MessageImportance.Normal,
            (changed ? "Made " + GlibcxxWeakener.Version + " optional in " : "Nothing to do in ") + Destination);
        return true;
    }
}
#endif
