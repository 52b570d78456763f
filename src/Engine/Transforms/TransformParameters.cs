using System.Globalization;
using MedSeg.Engine.Configuration;

namespace MedSeg.Engine.Transforms;

/// <summary>Reads the parameters of a configured transform by its specification.</summary>
internal sealed class TransformParameters(TransformConfig config, ComponentSpec spec)
{
    public string Name => config.Name;

    /// <summary>A number, or its default.</summary>
    public double Number(string name) =>
        ParameterReader.Get<double?>(config, spec, name) is { } value
            ? Within(name, value)
            : throw Wrong(name, "a value is required", $"Give {name} a number.");

    /// <summary>True or false, or the default.</summary>
    public bool Flag(string name) => ParameterReader.Get<bool>(config, spec, name);

    /// <summary>Two numbers, the lower first.</summary>
    public (double Low, double High) Range(string name) => Numbers(name) switch
    {
        [var low, var high] when low <= high => (low, high),
        [var low, var high] => throw Wrong(
            name, string.Create(CultureInfo.InvariantCulture, $"the lowest value {low} is above the highest {high}"), "Give [lowest, highest]."),
        _ => throw Wrong(name, "two numbers, lowest and highest, are needed", "Give [lowest, highest]."),
    };

    /// <summary>A list of numbers; a single number is a list of one. Null where neither value nor default is given.</summary>
    public double[]? Numbers(string name)
    {
        var values = ParameterReader.Get<double[]?>(config, spec, name);
        return values is null ? null : Array.ConvertAll(values, value => Within(name, value));
    }

    /// <summary>A whole number, or its default.</summary>
    public int Integer(string name) => (int)Number(name);

    /// <summary>Which planes the transform touches.</summary>
    /// <param name="spatial">Spatial transforms touch every plane unless told otherwise, the others only images.</param>
    public SampleKinds AppliesTo(bool spatial)
    {
        var kinds = AppliesTo(spatial ? SampleKinds.All : SampleKinds.Image);
        const SampleKinds both = SampleKinds.Image | SampleKinds.Label;
        if (spatial && (kinds & both) != both)
            throw Wrong("applied_to", "a transform that moves voxels must move image and label alike", "List im and gt, or remove applied_to.");
        return kinds;
    }

    /// <summary>Which planes the transform touches.</summary>
    /// <param name="byDefault">Where the configuration does not say.</param>
    public SampleKinds AppliesTo(SampleKinds byDefault)
    {
        if (config.AppliedTo.Length == 0)
            return byDefault;
        var kinds = SampleKinds.None;
        foreach (var word in config.AppliedTo)
        {
            kinds |= word switch
            {
                "im" => SampleKinds.Image,
                "gt" => SampleKinds.Label,
                "roi" => SampleKinds.Roi,
                _ => throw Wrong("applied_to", $"'{word}' is none of im, gt, roi", "List some of im, gt and roi."),
            };
        }

        return kinds;
    }

    /// <summary>An error that names the key.</summary>
    public SegException Wrong(string name, string what, string recommendation) => new(
        "TransformParameter", SegErrorKind.InvalidArgument, $"transformation.{config.Name}.{name}: {what}.", recommendation,
        $"transformation.{config.Name}.{name}");

    private double Within(string name, double number)
    {
        var parameter = spec.Parameters.First(p => p.Name == name);
        return number >= parameter.Minimum && number <= parameter.Maximum
            ? number
            : throw Wrong(
                name,
                string.Create(CultureInfo.InvariantCulture, $"{number} is outside {parameter.Minimum} … {parameter.Maximum}"),
                "Choose a number in the range.");
    }
}
