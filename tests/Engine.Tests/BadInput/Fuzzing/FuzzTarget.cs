using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Tests.BadInput.Fuzzing;

/// <summary>One reader of files that came from elsewhere.</summary>
internal sealed record FuzzTarget
{
    public string Name { get; init; } = "";

    /// <summary>Name of the damaged file.</summary>
    public required string FileName { get; init; }

    /// <summary>Sound files.</summary>
    public required IReadOnlyList<byte[]> Seeds { get; init; }

    /// <summary>Reads the file and checks what it gives.</summary>
    /// <returns>Bytes of a result, which may be allocated a few times over.</returns>
    /// <exception cref="SegException">The file was refused.</exception>
    /// <exception cref="InvalidOperationException">The result contradicts itself.</exception>
    public required Func<string, CancellationToken, long> Read { get; init; }

    public bool IsText { get; init; }

    /// <summary>Puts a damaged content into its envelope, as gzip or the checksums of PNG, so that the damage gets past it.</summary>
    public Func<byte[], RandomStream, byte[]> Wrap { get; init; } = (content, _) => content;

    /// <summary>Bytes that may be allocated whatever the file holds.</summary>
    public long Allowance { get; init; } = 1 << 20;

    /// <summary>Bytes that may be allocated for each byte of the file.</summary>
    public long AllowancePerByte { get; init; } = 64;
}
