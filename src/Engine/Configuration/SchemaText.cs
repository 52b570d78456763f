namespace MedSeg.Engine.Configuration;

/// <summary>Small parts of a JSON Schema as plain dictionaries, whose order is kept.</summary>
internal static class SchemaText
{
    public static Dictionary<string, object?> Typed(string type, string? description = null)
    {
        var schema = new Dictionary<string, object?> { ["type"] = type };
        if (!string.IsNullOrEmpty(description))
        {
            schema["description"] = description;
        }

        return schema;
    }

    public static Dictionary<string, object?> List(Dictionary<string, object?> item) => new() { ["type"] = "array", ["items"] = item };

    public static Dictionary<string, object?> AnyOf(params Dictionary<string, object?>[] schemas) => new() { ["anyOf"] = schemas };

    /// <summary>The schema with null allowed beside it.</summary>
    public static Dictionary<string, object?> OrNull(Dictionary<string, object?> schema) =>
        schema is { Count: > 0 } && schema.TryGetValue("type", out object? type) && type is string one
            ? new Dictionary<string, object?>(schema) { ["type"] = new[] { one, "null" } }
            : AnyOf(schema, Typed("null"));

    /// <summary>Limits of a number; infinite ones are left out.</summary>
    public static void Bounds(Dictionary<string, object?> schema, double minimum, double maximum, bool exclusiveMinimum = false)
    {
        if (!double.IsNegativeInfinity(minimum))
        {
            schema[exclusiveMinimum ? "exclusiveMinimum" : "minimum"] = minimum;
        }

        if (!double.IsPositiveInfinity(maximum))
        {
            schema["maximum"] = maximum;
        }
    }

    /// <summary>The keys of an object's schema.</summary>
    public static Dictionary<string, object?> Properties(Dictionary<string, object?> schema) => (Dictionary<string, object?>)schema["properties"]!;
}
