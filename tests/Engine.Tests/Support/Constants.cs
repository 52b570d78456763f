using System.Runtime.InteropServices;

namespace MedSeg.Engine.Tests.Support;

/// <summary>Small arrays that are written down in tests.</summary>
internal static class Constants
{
    /// <summary>float32 numbers, little-endian, in Base64.</summary>
    public static float[] Floats(string text) => MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(text)).ToArray();

    /// <summary>One character for each number: 0 and 1.</summary>
    public static float[] Bits(string text) => [.. text.Select(c => c == '1' ? 1f : 0f)];
}
