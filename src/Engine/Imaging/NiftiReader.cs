using System.Runtime.InteropServices;

namespace MedSeg.Engine.Imaging;

/// <summary>Reads one NIfTI image: header, checks, then the voxels in one pass through the file.</summary>
internal static class NiftiReader
{
    /// <summary>Numbers converted at a time; the piece stays in the processor's cache between decompression and conversion.</summary>
    private const int ChunkBytes = 1 << 17;

    /// <summary>Header only.</summary>
    public static (NiftiLayout Layout, List<HeaderFinding> Findings) ReadHeader(string path)
    {
        using var source = OpenData(path, out var layout, out var findings);
        return (layout, findings);
    }

    /// <summary>Header and voxels, as float32 in NIfTI order with colours as channels.</summary>
    public static Volume Read(string path, CancellationToken ct)
    {
        using var source = OpenData(path, out var layout, out _);
        Skip(source, layout.DataOffset - source.Position);
        var voxels = ReadSamples(source, layout, ct);
        source.ExpectEnd(ct);
        return new Volume(layout.Type.IsColour ? Planes(voxels, layout) : voxels, layout.Geometry, layout.Channels);
    }

    /// <summary>The other file of a pair, or the path itself for single files.</summary>
    public static (string Header, string Data) FilesOf(string path)
    {
        var extension = Path.GetExtension(path);
        if (extension.Equals(".hdr", StringComparison.OrdinalIgnoreCase))
            return (path, Sibling(path, extension == ".HDR" ? ".IMG" : ".img"));
        if (extension.Equals(".img", StringComparison.OrdinalIgnoreCase))
            return (Sibling(path, extension == ".IMG" ? ".HDR" : ".hdr"), path);
        return (path, path);
    }

    /// <summary>Opens the file that holds the voxels, after the header has passed every check.</summary>
    private static NiftiStream OpenData(string path, out NiftiLayout layout, out List<HeaderFinding> findings)
    {
        findings = [];
        var (headerPath, dataPath) = FilesOf(path);
        var pair = headerPath != dataPath;
        var source = NiftiStream.Open(headerPath);
        NiftiStream? data = null;
        try
        {
            var header = ReadFields(source, findings);
            data = pair ? OpenImage(dataPath, path) : source;
            layout = NiftiHeaderCheck.Check(header, path, pair, data.MostBytes, findings);
            if (pair)
                source.Dispose();
            else
                CheckExtensions(source, layout, findings);
            return data;
        }
        catch
        {
            source.Dispose();
            data?.Dispose();
            throw;
        }
    }

    private static NiftiStream OpenImage(string dataPath, string path)
    {
        if (File.Exists(dataPath))
            return NiftiStream.Open(dataPath);
        throw new SegException("NiftiPairIncomplete", SegErrorKind.NotFound, $"'{path}': .img: '{dataPath}' does not exist.",
            "Keep the .hdr and the .img file together, with the same name.", path);
    }

    private static NiftiHeader ReadFields(NiftiStream source, List<HeaderFinding> findings)
    {
        if (source.FileLength == 0)
            throw ImageErrors.Invalid("NiftiEmpty", source.Path, "sizeof_hdr", "the file is empty.", "Fetch or export the file again.");
        var named = source.Path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        if (named != source.IsGzip)
        {
            findings.Add(new(FindingSeverity.Warning, "file name",
                named ? "The name ends in .gz but the content is not compressed." : "The content is compressed but the name does not end in .gz.",
                "Rename the file; other programs may refuse it."));
        }

        var bytes = new byte[NiftiHeader.Size2];
        var first = source.Read(bytes.AsSpan(0, 4));
        var found = first == 4 ? NiftiHeader.Detect(bytes) : null;
        if (found is null && (first < 4 || LooksLikeText(bytes.AsSpan(0, first))))
        {
            throw ImageErrors.Invalid("NiftiNotAnImage", source.Path, "sizeof_hdr",
                first < 4 ? $"the content is only {first} bytes long." : "the file is text or a web page, not a NIfTI image.",
                "Fetch the file again; a download page or a pointer was saved in its place.");
        }

        if (found is not { } format)
        {
            throw ImageErrors.Invalid("NiftiHeaderSize", source.Path, "sizeof_hdr",
                $"{BitConverter.ToInt32(bytes)} is neither 348 nor 540 in either byte order, so this is not a NIfTI file.",
                "Check that the file is a NIfTI image and not damaged.");
        }

        var size = format.Version == 1 ? NiftiHeader.Size1 : NiftiHeader.Size2;
        source.ReadExactly(bytes.AsSpan(4, size - 4), "header");
        return NiftiHeader.Parse(bytes.AsSpan(0, size), format.Version, format.BigEndian);
    }

    private static bool LooksLikeText(ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            if (b is not (>= 0x20 and < 0x7f or (byte)'\t' or (byte)'\r' or (byte)'\n' or 0xef or 0xbb or 0xbf))
                return false;
        }

        return true;
    }

    /// <summary>
    /// Walks the header extensions by their sizes up to vox_offset. Their content is not used; a chain that does not add up
    /// is a finding, because vox_offset alone says where the voxels are.
    /// </summary>
    private static void CheckExtensions(NiftiStream source, NiftiLayout layout, List<HeaderFinding> findings)
    {
        Span<byte> word = stackalloc byte[8];
        source.ReadExactly(word[..4], "extension");
        var extended = word[0] != 0;
        while (extended && layout.DataOffset - source.Position >= 8)
        {
            source.ReadExactly(word, "extension");
            var size = layout.Header.BigEndian
                ? System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(word)
                : System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(word);
            if (size < 8 || size - 8 > layout.DataOffset - source.Position)
            {
                findings.Add(new(FindingSeverity.Warning, "esize",
                    $"A header extension of {size} bytes does not fit before vox_offset; the extensions are skipped.", "Write the file again."));
                return;
            }

            Skip(source, size - 8);
        }
    }

    private static void Skip(NiftiStream source, long count)
    {
        if (count <= 0)
            return;
        var buffer = new byte[(int)Math.Min(count, ChunkBytes)];
        for (var left = count; left > 0; left -= buffer.Length)
            source.ReadExactly(buffer.AsSpan(0, (int)Math.Min(left, buffer.Length)), "vox_offset");
    }

    private static float[] ReadSamples(NiftiStream source, NiftiLayout layout, CancellationToken ct)
    {
        var total = (int)layout.Samples;
        var kind = layout.Type.Kind!.Value;
        var size = layout.Type.BytesPerSample;
        var swap = layout.Header.BigEndian == BitConverter.IsLittleEndian;
        var values = GC.AllocateUninitializedArray<float>(FirstCapacity(source, total));
        var buffer = kind == VoxelKind.Float32 ? [] : new byte[ChunkBytes];
        for (var done = 0; done < total;)
        {
            ct.ThrowIfCancellationRequested();
            var count = Math.Min(ChunkBytes / size, total - done);
            if (done + count > values.Length)
                values = Grow(values, done, Math.Max(done + count, (int)Math.Min(total, 2L * values.Length)));
            var target = values.AsSpan(done, count);
            var raw = kind == VoxelKind.Float32 ? MemoryMarshal.AsBytes(target) : buffer.AsSpan(0, count * size);
            var read = source.Read(raw);
            if (read < raw.Length)
                throw source.Truncated("dim", raw.Length - read + ((long)(total - done - count) * size));
            VoxelConversion.ToFloat(kind, raw, swap, layout.Slope, layout.Inter, target);
            done += count;
        }

        return values;
    }

    /// <summary>
    /// A plain file has been checked to hold all the voxels. A compressed one may lie, so the array starts with a size that
    /// ordinary images do not exceed and grows with what really comes.
    /// </summary>
    private static int FirstCapacity(NiftiStream source, int total) =>
        source.IsGzip ? (int)Math.Min(total, Math.Max(1 << 15, 8 * Math.Min(source.FileLength, int.MaxValue))) : total;

    private static float[] Grow(float[] values, int used, int capacity)
    {
        var larger = GC.AllocateUninitializedArray<float>(capacity);
        values.AsSpan(0, used).CopyTo(larger);
        return larger;
    }

    /// <summary>Colours of a voxel lie together in the file; a volume keeps each channel together.</summary>
    private static float[] Planes(float[] interleaved, NiftiLayout layout)
    {
        var planes = GC.AllocateUninitializedArray<float>(interleaved.Length);
        var voxels = (int)layout.Geometry.VoxelCount;
        var colours = layout.Type.Samples;
        var from = 0;
        for (var frame = 0; frame < layout.Frames; frame++)
        {
            var start = frame * colours * voxels;
            for (var voxel = 0; voxel < voxels; voxel++)
            {
                for (var colour = 0; colour < colours; colour++)
                    planes[start + (colour * voxels) + voxel] = interleaved[from++];
            }
        }

        return planes;
    }

    private static string Sibling(string path, string extension) => Path.ChangeExtension(path, extension);
}
