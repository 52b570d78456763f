using System.Globalization;
using System.Text;
using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Inference.Classification;

/// <summary>
/// The CSV file of a classification (RFC 4180, UTF-8, lines end in LF): image, slice, class, probability, decision, one line for each
/// slice and class. Numbers have a point in every culture; the decision is 1 or 0.
/// </summary>
internal sealed class ClassificationTable
{
    private static readonly char[] Special = [',', '"', '\r', '\n'];

    private readonly StringBuilder _text = new("image,slice,class,probability,decision\n");

    /// <summary>Where the table of a model goes: <c>NAME_classification.csv</c>.</summary>
    public static string PathIn(string folder, SegModel model) => Path.Combine(folder, model.Name + "_classification.csv");

    public void Add(SegClassification slice)
    {
        foreach (var found in slice.Classes)
        {
            _text.Append(Quoted(slice.ImagePath)).Append(',').Append(CultureInfo.InvariantCulture, $"{slice.Slice},").Append(Quoted(found.Name))
                .Append(CultureInfo.InvariantCulture, $",{(float)found.Probability:R},{(found.IsPresent ? 1 : 0)}\n");
        }
    }

    /// <summary>Writes the file whole or not at all.</summary>
    /// <exception cref="SegException"><c>DiskFull</c> or <c>CannotWrite</c>.</exception>
    public void Save(string path) => AtomicFile.WriteAllText(path, _text.ToString());

    private static string Quoted(string text) =>
        text.IndexOfAny(Special) < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
