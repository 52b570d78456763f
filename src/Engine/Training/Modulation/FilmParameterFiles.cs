using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using MedSeg.Engine.Data.Film;
using MedSeg.Engine.Networks;
using MedSeg.Engine.Runtime;
using static TorchSharp.torch;

namespace MedSeg.Engine.Training.Modulation;

/// <summary>
/// What FiLM makes of each combination of categories that training has, with <c>debugging</c>: of flag i of <c>film_layers</c> (from 1)
/// <c>gamma_layer_i.npy</c> and <c>beta_layer_i.npy</c>, float32 (combinations, channels), and the combinations in
/// <c>metadata_values.tsv</c>, in the same order.
/// </summary>
internal static class FilmParameterFiles
{
    /// <param name="folder">Made where it is missing; its files are replaced.</param>
    /// <param name="network">On the CPU.</param>
    /// <param name="flags"><c>film_layers</c>.</param>
    /// <exception cref="SegException"><c>DiskFull</c> or <c>CannotWrite</c>.</exception>
    public static void Write(string folder, SegNetwork network, IReadOnlyList<int> flags, FilmPlan plan)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        float[][] rows = [.. plan.Training.Rows.DistinctBy(row => string.Join(',', row)).OrderByDescending(row => string.Join(',', row), StringComparer.Ordinal)];
        Directory.CreateDirectory(folder);
        AtomicFile.WriteAllText(Path.Combine(folder, "metadata_values.tsv"), Table(plan.Film, rows));
        int[] numbers = [.. Enumerable.Range(1, flags.Count).Where(i => flags[i - 1] != 0)];
        FilmLayer[] layers = [.. ModuleTree.Descendants(network).Select(part => part.Module).OfType<FilmLayer>()];
        foreach (var (number, layer) in numbers.Zip(layers))
        {
            Tensor metadata = tensor(rows.SelectMany(row => row).ToArray()).reshape(rows.Length, plan.Film.Width);
            Tensor[] halves = layer.Generator.Describe(new TorchOps(new NetworkInputs(metadata, metadata), training: false), metadata).chunk(2, 1);
            WriteArray(In("gamma"), halves[0]);
            WriteArray(In("beta"), halves[1]);
            string In(string what) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{what}_layer_{number}.npy"));
        }
    }

    private static string Table(SegFilm film, float[][] rows)
    {
        var text = new StringBuilder(string.Join('\t', film.Parts.Select(part => part.Name))).Append('\n');
        foreach (float[] row in rows)
        {
            int start = 0;
            foreach (SegFilmPart part in film.Parts)
            {
                int place = row.AsSpan(start, part.Categories.Count).IndexOf(1f);
                text.Append(start == 0 ? "" : "\t").Append(place < 0 ? "n/a" : Cell(part.Categories[place]));
                start += part.Categories.Count;
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>A text of a sidecar may hold tabs and ends of lines, which would make other cells of it.</summary>
    private static string Cell(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));

    /// <summary>NumPy's format, version 1.0: magic, length of the header, header padded to a multiple of 64 bytes, numbers.</summary>
    private static void WriteArray(string path, Tensor values)
    {
        string header = string.Create(CultureInfo.InvariantCulture, $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({values.shape[0]}, {values.shape[1]}), }}");
        const int Before = 10;
        int length = ((Before + header.Length + 1 + 63) / 64 * 64) - Before;
        byte[] start = [0x93, .. "NUMPY"u8, 1, 0, 0, 0];
        BinaryPrimitives.WriteUInt16LittleEndian(start.AsSpan(8), (ushort)length);
        float[] numbers = values.contiguous().data<float>().ToArray();
        AtomicFile.WriteAllBytes(path, [.. start, .. Encoding.ASCII.GetBytes(header.PadRight(length - 1) + "\n"), .. MemoryMarshal.AsBytes<float>(numbers)]);
    }
}
