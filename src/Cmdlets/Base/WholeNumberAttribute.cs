using System.Globalization;
using System.Management.Automation;

namespace MedSeg.Cmdlets;

/// <summary>Refuses fractions for whole numbers, which PowerShell would round without a word: 1.5 is neither 1 nor 2.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WholeNumberAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        foreach (object? item in value is object?[] list ? list : value is Array typed ? typed.Cast<object?>() : [value])
        {
            Check(item is PSObject inner ? inner.BaseObject : item);
        }

        return inputData;
    }

    private static void Check(object? value)
    {
        double number = value switch
        {
            double d => d,
            float f => f,
            decimal m => (double)m,
            string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double parsed) => parsed,
            _ => 0,
        };
        if (number != Math.Floor(number))
        {
            throw new ArgumentTransformationMetadataException(
                string.Create(CultureInfo.InvariantCulture, $"{number} is not a whole number. Write a number without a fraction."));
        }
    }
}
