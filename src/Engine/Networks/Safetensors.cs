using MedSeg.Engine.Runtime;
using static TorchSharp.torch;

namespace MedSeg.Engine.Networks;

/// <summary>Weights in the safetensors format: plain numbers with names, nothing that could run.</summary>
public static class Safetensors
{
    private static readonly (string Name, ScalarType Type)[] Types =
    [
        ("F64", ScalarType.Float64), ("F32", ScalarType.Float32), ("F16", ScalarType.Float16), ("BF16", ScalarType.BFloat16),
        ("I64", ScalarType.Int64), ("I32", ScalarType.Int32), ("I16", ScalarType.Int16), ("I8", ScalarType.Int8),
        ("U8", ScalarType.Byte), ("BOOL", ScalarType.Bool),
    ];

    /// <summary>Writes tensors of any device and memory layout; the same tensors give the same bytes.</summary>
    /// <exception cref="ArgumentException">Two tensors have the same name.</exception>
    /// <exception cref="SegException"><c>DiskFull</c> or <c>CannotWrite</c>.</exception>
    public static void Write(
        string path, IEnumerable<(string Name, Tensor Value)> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var ordered = tensors.OrderByDescending(t => SafetensorsHeader.ElementSize(TypeName(t.Value)))
            .ThenBy(t => t.Name, StringComparer.Ordinal).ToList();
        var entries = new List<SafetensorsEntry>();
        var position = 0L;
        foreach (var (name, value) in ordered)
        {
            var type = TypeName(value);
            var bytes = value.numel() * SafetensorsHeader.ElementSize(type);
            entries.Add(new SafetensorsEntry(name, type, value.shape, position, position += bytes));
        }

        if (entries.DistinctBy(e => e.Name, StringComparer.Ordinal).Count() != entries.Count)
            throw new ArgumentException("Two tensors have the same name.", nameof(tensors));
        var header = new SafetensorsHeader(entries, metadata ?? new Dictionary<string, string>()).ToBytes();
        AtomicFile.Write(path, stream =>
        {
            stream.Write(header);
            foreach (var (_, value) in ordered)
            {
                using var scope = NewDisposeScope();
                stream.Write(value.detach().cpu().contiguous().bytes);
            }
        });
    }

    /// <summary>Parameters and buffers of a module by their PyTorch names.</summary>
    public static IEnumerable<(string Name, Tensor Value)> StateOf(nn.Module module) =>
        module.named_parameters().Select(p => (p.name, (Tensor)p.parameter)).Concat(module.named_buffers().Select(b => (b.name, b.buffer)));

    /// <summary>The free text of the header.</summary>
    /// <exception cref="SegException"><c>FileNotFound</c>, <c>CannotRead</c> or <c>SafetensorsInvalid</c>.</exception>
    public static IReadOnlyDictionary<string, string> ReadMetadata(string path) => Open(path, (_, header) => header.Metadata);

    /// <summary>All tensors, on the CPU; the caller disposes them.</summary>
    /// <exception cref="SegException"><c>FileNotFound</c>, <c>CannotRead</c> or <c>SafetensorsInvalid</c>.</exception>
    public static Dictionary<string, Tensor> Read(string path) => Open(path, ReadTensors);

    /// <summary>
    /// Copies a file's tensors into a module's parameters and buffers, which keep their device and memory layout. A matrix that layers
    /// share may be in the file once more under the name of each, as PyTorch writes it, if it is the same each time.
    /// </summary>
    /// <exception cref="SegException">
    /// <c>WeightsMismatch</c>: names or shapes differ, all of them listed, and nothing was changed; or an error of <see cref="Read"/>.
    /// </exception>
    public static void LoadInto(string path, nn.Module module)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var file = Read(path);
        var targets = StateOf(module).ToList();
        CheckMatch(path, file, targets, SharedNames(module, targets));
        foreach (var (name, target) in targets)
            target.copy_(file[name]);
    }

    /// <summary>The further names of shared matrices, each with the name under which the module has the matrix.</summary>
    private static Dictionary<string, string> SharedNames(nn.Module module, List<(string Name, Tensor Value)> targets)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, part) in ModuleTree.Descendants(module))
        {
            if (part is FilmLinear { OwnsWeight: false } linear && targets.Find(t => ReferenceEquals(t.Value, linear.Weight)) is { Name: { } owner })
                names.Add(name + ".weight", owner);
        }

        return names;
    }

    private static void CheckMatch(
        string path, Dictionary<string, Tensor> file, List<(string Name, Tensor Value)> targets, Dictionary<string, string> shared)
    {
        var problems = new List<string>();
        foreach (var (name, target) in targets)
        {
            if (!file.TryGetValue(name, out var value))
                problems.Add($"missing {name}");
            else if (!value.shape.AsSpan().SequenceEqual(target.shape))
                problems.Add($"{name} is [{string.Join(',', value.shape)}], the network has [{string.Join(',', target.shape)}]");
        }

        foreach (var name in file.Keys.Except(targets.Select(t => t.Name), StringComparer.Ordinal))
        {
            if (!shared.TryGetValue(name, out var owner))
                problems.Add($"unexpected {name}");
            else if (file.TryGetValue(owner, out var once) && !AreSame(once, file[name]))
                problems.Add($"{name} differs from {owner}, which is the same matrix in the network");
        }

        if (problems.Count == 0)
            return;
        var shown = string.Join("; ", problems.Take(10)) + (problems.Count > 10 ? $"; and {problems.Count - 10} more" : "");
        throw new SegException(
            "WeightsMismatch", SegErrorKind.InvalidData, $"The weights in '{path}' do not fit the network: {shown}.",
            "Use the configuration the weights were trained with (depth, n_filters, channels and classes).", path);
    }

    private static bool AreSame(Tensor a, Tensor b)
    {
        if (!a.shape.AsSpan().SequenceEqual(b.shape))
            return false;
        using var same = a.eq(b).all();
        return same.item<bool>();
    }

    private static Dictionary<string, Tensor> ReadTensors(Stream stream, SafetensorsHeader header)
    {
        NativePreflight.EnsureTorch();
        var result = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var entry in header.Entries.OrderBy(e => e.Begin))
        {
            var tensor = empty([.. entry.Shape], dtype: Types.First(t => t.Name == entry.Type).Type, device: CPU);
            stream.ReadExactly(tensor.bytes);
            result.Add(entry.Name, tensor);
        }

        return result;
    }

    private static T Open<T>(string path, Func<Stream, SafetensorsHeader, T> read)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return read(stream, SafetensorsHeader.Read(stream, path));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SegException("FileNotFound", SegErrorKind.NotFound, $"'{path}' does not exist.", "Check the path.", path, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SegException(
                "CannotRead", SegErrorKind.Resource, $"'{path}' could not be read: {error.Message}", "Check the file's permissions.", path, error);
        }
    }

    private static string TypeName(Tensor tensor)
    {
        foreach (var (name, type) in Types)
        {
            if (type == tensor.dtype)
                return name;
        }

        throw new ArgumentException($"Tensors of type {tensor.dtype} can't be written.", nameof(tensor));
    }
}
