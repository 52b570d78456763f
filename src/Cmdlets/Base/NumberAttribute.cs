using System.Globalization;
using System.Management.Automation;

namespace MedSeg.Cmdlets;

/// <summary>
/// Refuses what PowerShell would turn into another number without a word: texts with a comma, of which '0,75' becomes 75, and, where
/// <see cref="Whole"/> is set, fractions, of which 1.5 becomes 2.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NumberAttribute : ArgumentTransformationAttribute
{
    /// <summary>Fractions are refused as well.</summary>
    public bool Whole { get; set; }

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = Plain(inputData);
        foreach (object? item in value is Array list ? list.Cast<object?>() : [value])
        {
            Check(Plain(item));
        }

        return inputData;
    }

    private static object? Plain(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private void Check(object? value)
    {
        if (value is string text && text.Contains(',', StringComparison.Ordinal))
        {
            throw new ArgumentTransformationMetadataException($"'{text}' is not a number. Write decimal numbers with a point, as in 0.75.");
        }

        double number = value switch
        {
            double d => d,
            float f => f,
            decimal m => (double)m,
            string digits when double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double parsed) => parsed,
            _ => 0,
        };
        if (Whole && number != Math.Floor(number))
        {
            throw new ArgumentTransformationMetadataException(
                string.Create(CultureInfo.InvariantCulture, $"{number} is not a whole number. Write a number without a fraction."));
        }
    }
}
