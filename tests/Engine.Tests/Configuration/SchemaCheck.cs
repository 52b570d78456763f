using System.Text.Json;

namespace MedSeg.Engine.Tests.Configuration;

/// <summary>
/// Checks JSON against a JSON Schema (draft 2020-12), for the keywords that the schema of configurations uses; any other keyword fails.
/// </summary>
internal sealed class SchemaCheck(JsonElement schema)
{
    private static readonly HashSet<string> Annotations = ["$schema", "title", "description", "default", "deprecated"];

    private static readonly HashSet<string> Assertions =
    [
        "type", "enum", "const", "properties", "additionalProperties", "required", "items", "prefixItems", "minItems", "maxItems", "minimum",
        "maximum", "exclusiveMinimum", "anyOf", "allOf", "if", "then",
    ];

    public bool Accepts(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        return Valid(document.RootElement, schema);
    }

    private static bool Valid(JsonElement value, JsonElement schema)
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return schema.GetBoolean();
        }

        foreach (JsonProperty keyword in schema.EnumerateObject().Where(k => !Annotations.Contains(k.Name) && !Assertions.Contains(k.Name)))
        {
            throw new NotSupportedException($"The check does not know the keyword {keyword.Name}.");
        }

        return Kind(value, schema) && Numbers(value, schema) && Items(value, schema) && Keys(value, schema) && Parts(value, schema);
    }

    private static bool Kind(JsonElement value, JsonElement schema)
    {
        bool type = !schema.TryGetProperty("type", out JsonElement types)
            || (types.ValueKind == JsonValueKind.Array ? types.EnumerateArray().Any(t => Is(value, t.GetString()!)) : Is(value, types.GetString()!));
        bool word = !schema.TryGetProperty("enum", out JsonElement words) || words.EnumerateArray().Any(w => JsonElement.DeepEquals(w, value));
        return type && word && (!schema.TryGetProperty("const", out JsonElement one) || JsonElement.DeepEquals(one, value));
    }

    private static bool Is(JsonElement value, string type) => (type, value.ValueKind) switch
    {
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) or ("null", JsonValueKind.Null) => true,
        ("boolean", JsonValueKind.True or JsonValueKind.False) or ("number", JsonValueKind.Number) => true,
        ("integer", JsonValueKind.Number) => value.GetDouble() is var d && d == Math.Floor(d),
        _ => false,
    };

    private static bool Numbers(JsonElement value, JsonElement schema) => value.ValueKind != JsonValueKind.Number
        || ((!schema.TryGetProperty("minimum", out JsonElement low) || value.GetDouble() >= low.GetDouble())
            && (!schema.TryGetProperty("maximum", out JsonElement high) || value.GetDouble() <= high.GetDouble())
            && (!schema.TryGetProperty("exclusiveMinimum", out JsonElement above) || value.GetDouble() > above.GetDouble()));

    private static bool Items(JsonElement value, JsonElement schema)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return true;
        }

        JsonElement[] items = [.. value.EnumerateArray()];
        JsonElement[] first = schema.TryGetProperty("prefixItems", out JsonElement prefix) ? [.. prefix.EnumerateArray()] : [];
        return (!schema.TryGetProperty("minItems", out JsonElement least) || items.Length >= least.GetInt32())
            && (!schema.TryGetProperty("maxItems", out JsonElement most) || items.Length <= most.GetInt32())
            && items.Zip(first).All(pair => Valid(pair.First, pair.Second))
            && (!schema.TryGetProperty("items", out JsonElement each) || items.Skip(first.Length).All(item => Valid(item, each)));
    }

    private static bool Keys(JsonElement value, JsonElement schema)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return true;
        }

        bool known = schema.TryGetProperty("properties", out JsonElement properties);
        bool restricted = schema.TryGetProperty("additionalProperties", out JsonElement others);
        foreach (JsonProperty key in value.EnumerateObject())
        {
            if (known && properties.TryGetProperty(key.Name, out JsonElement own) ? !Valid(key.Value, own) : restricted && !Valid(key.Value, others))
            {
                return false;
            }
        }

        return !schema.TryGetProperty("required", out JsonElement required) || required.EnumerateArray().All(r => value.TryGetProperty(r.GetString()!, out _));
    }

    private static bool Parts(JsonElement value, JsonElement schema) =>
        (!schema.TryGetProperty("anyOf", out JsonElement any) || any.EnumerateArray().Any(s => Valid(value, s)))
        && (!schema.TryGetProperty("allOf", out JsonElement all) || all.EnumerateArray().All(s => Valid(value, s)))
        && (!schema.TryGetProperty("if", out JsonElement condition) || !Valid(value, condition) || Valid(value, schema.GetProperty("then")));
}
