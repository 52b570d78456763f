namespace MedSeg.Engine.Configuration;

/// <summary>Schemas of losses, schedules, steps and transforms, from their specifications.</summary>
internal static class SchemaComponents
{
    /// <summary>An object with a name, whose value decides which parameters there are.</summary>
    public static Dictionary<string, object?> Named(IReadOnlyList<ComponentSpec> specs) => new()
    {
        ["type"] = "object",
        ["properties"] = new Dictionary<string, object?>
        {
            ["name"] = new Dictionary<string, object?> { ["enum"] = specs.Select(s => s.Name).ToArray() },
        },
        ["required"] = new[] { "name" },
        ["allOf"] = specs.Select(ParametersByName).ToArray(),
    };

    /// <summary>An object of steps, name to parameters.</summary>
    /// <param name="transforms">They also have <c>applied_to</c> and <c>dataset_type</c>.</param>
    public static Dictionary<string, object?> Steps(IReadOnlyList<ComponentSpec> specs, bool transforms)
    {
        ParameterSpec[] also = transforms ? [ComponentBinder.AppliedTo, ComponentBinder.DatasetType] : [];
        return new()
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = specs.ToDictionary(s => s.Name, s => (object?)Step(s, also)),
        };
    }

    private static Dictionary<string, object?> Step(ComponentSpec spec, ParameterSpec[] also)
    {
        var schema = new Dictionary<string, object?> { ["type"] = "object" };
        if (!spec.Supported)
        {
            schema["description"] = "(Not supported yet.)";
        }

        AddParameters(schema, spec, [.. spec.Parameters, .. also], []);
        return schema;
    }

    private static Dictionary<string, object?> ParametersByName(ComponentSpec spec)
    {
        var name = new Dictionary<string, object?> { ["name"] = new Dictionary<string, object?> { ["const"] = spec.Name } };
        var then = new Dictionary<string, object?>();
        AddParameters(then, spec, spec.Parameters, new Dictionary<string, object?> { ["name"] = true });
        return new() { ["if"] = new Dictionary<string, object?> { ["properties"] = name }, ["then"] = then };
    }

    private static void AddParameters(
        Dictionary<string, object?> schema, ComponentSpec spec, IReadOnlyList<ParameterSpec> parameters, Dictionary<string, object?> properties)
    {
        foreach (ParameterSpec parameter in parameters)
        {
            properties[parameter.Name] = Parameter(parameter);
        }

        schema["additionalProperties"] = false;
        schema["properties"] = properties;
        string[] required = [.. spec.Parameters.Where(p => p.Required).Select(p => p.Name)];
        if (required.Length > 0)
        {
            schema["required"] = required;
        }
    }

    private static Dictionary<string, object?> Parameter(ParameterSpec spec)
    {
        var result = new Dictionary<string, object?>();
        if (spec.Help.Length > 0)
        {
            result["description"] = spec.Help;
        }

        Dictionary<string, object?> value = Value(spec);
        bool nullable = spec is { Required: false, Default: null } && spec.Kind != ParameterKind.Any;
        foreach ((string key, object? part) in nullable ? SchemaText.OrNull(value) : value)
        {
            result[key] = part;
        }

        if (spec.Default is not null)
        {
            result["default"] = spec.Default;
        }

        return result;
    }

    private static Dictionary<string, object?> Value(ParameterSpec spec) => spec.Kind switch
    {
        ParameterKind.Number => Number("number", spec),
        ParameterKind.Integer => Number("integer", spec),
        ParameterKind.Boolean => SchemaText.Typed("boolean"),
        ParameterKind.Text => Word(spec),
        ParameterKind.NumberList => List(Number("number", spec), spec),
        ParameterKind.IntegerList => List(Number("integer", spec), spec),
        ParameterKind.TextList => SchemaText.AnyOf(List(Word(spec), spec), Word(spec)),
        ParameterKind.NumberOrList => SchemaText.AnyOf(Number("number", spec), List(Number("number", spec), spec)),
        _ when spec.ParametersOf is not null => SchemaText.OrNull(SchemaText.List(SchemaText.OrNull(SchemaText.Typed("object")))),
        _ => [],
    };

    private static Dictionary<string, object?> Word(ParameterSpec spec) =>
        spec.Choices is null ? SchemaText.Typed("string") : new() { ["enum"] = spec.Choices.ToArray() };

    private static Dictionary<string, object?> Number(string type, ParameterSpec spec)
    {
        Dictionary<string, object?> schema = SchemaText.Typed(type);
        SchemaText.Bounds(schema, spec.Minimum, spec.Maximum);
        return schema;
    }

    private static Dictionary<string, object?> List(Dictionary<string, object?> item, ParameterSpec spec)
    {
        Dictionary<string, object?> list = SchemaText.List(item);
        if (spec.MinimumCount > 0)
        {
            list["minItems"] = (long)spec.MinimumCount;
        }

        if (spec.MaximumCount < int.MaxValue)
        {
            list["maxItems"] = (long)spec.MaximumCount;
        }

        return list;
    }
}
