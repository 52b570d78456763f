using MedSeg.Engine.Configuration;

namespace MedSeg.Engine.Tests.Configuration;

/// <summary>Random configurations whose values all fit, made from the types themselves.</summary>
internal sealed class ConfigGenerator(int seed)
{
    private static readonly string[] Words =
        ["a", "_seg-manual", "T2w", "acq-ax_T1w", "", "null", "true", "1e3", "-", "~", "a: b", "# x", " lead", "ä€😀", "quote\"'\\", "yes", "0x10", "[1]", "C:\\data", "\u2028", "*a", "!b", "%"];

    private static readonly string[] Control = ["tab\tnew\nline", "\u0001"];

    private readonly Random _random = new(seed);

    public SegConfig Next()
    {
        var config = new SegConfig();
        Fill(config);
        if (_random.Next(4) == 0)
        {
            config.LoaderParameters.TargetSuffixRaters = [["_a1", "_a2"], ["_b1"]];
            config.LoaderParameters.TargetSuffix = ["_a1", "_b1"];
        }

        return config;
    }

    private void Fill(object section)
    {
        foreach (KeyShape key in SectionShape.Of(section.GetType()).Keys)
        {
            if (key.Nullable && _random.Next(2) == 0)
            {
                key.Property.SetValue(section, null);
            }
            else if (_random.Next(3) > 0)
            {
                key.Property.SetValue(section, Value(section, key));
            }
        }
    }

    private object Value(object section, KeyShape key) => key.Shape switch
    {
        ValueShape.Text => Text(key),
        ValueShape.Boolean => _random.Next(2) == 0,
        ValueShape.Integer => Integer(key),
        ValueShape.Number => Number(key),
        ValueShape.TextList or ValueShape.TargetSuffixes => Many(key, () => Text(key)),
        ValueShape.IntegerList => Many(key, () => Integer(key)),
        ValueShape.NumberList => Many(key, () => Number(key)),
        ValueShape.NumberMap => new SegMap<double>(Many(key, () => Number(key)).Select((n, i) => (n, i)).ToDictionary(p => Words[p.i], p => p.n)),
        ValueShape.TextMap => new SegMap<string>(Many(key, () => Text(key)).Select((t, i) => (t, i)).ToDictionary(p => Words[p.i], p => p.t)),
        ValueShape.Component => Component(Pick(ConfigBinder.SpecsOf(key, SegEngine.Catalog))),
        ValueShape.Steps => Some(key).Select(Component).ToArray(),
        ValueShape.Transforms => Some(key).Select(Transform).ToArray(),
        _ => Section(section, key),
    };

    private object Section(object section, KeyShape key)
    {
        object value = key.Property.GetValue(section) ?? Activator.CreateInstance(key.Property.PropertyType)!;
        Fill(value);
        return value;
    }

    private IEnumerable<ComponentSpec> Some(KeyShape key)
    {
        ComponentSpec[] all = [.. ConfigBinder.SpecsOf(key, SegEngine.Catalog)];
        _random.Shuffle(all);
        return all.Take(_random.Next(all.Length));
    }

    private ComponentConfig Component(ComponentSpec spec) => new(spec.Name, Parameters(spec));

    private TransformConfig Transform(ComponentSpec spec) => new(spec.Name, Parameters(spec))
    {
        AppliedTo = _random.Next(2) == 0 ? [] : ["im", "gt"],
        DatasetType = _random.Next(2) == 0 ? [] : ["training"],
    };

    /// <summary>base_lr and max_lr are dropped, with a warning, from the schedule that does not use them.</summary>
    private Dictionary<string, object?> Parameters(ComponentSpec spec) => spec.Parameters
        .Where(p => spec.Name != "CosineAnnealingLR" || p.Name == "eta_min")
        .Where(p => p.Required || _random.Next(2) == 0).ToDictionary(p => p.Name, Parameter);

    private object? Parameter(ParameterSpec spec)
    {
        double low = Math.Max(spec.Minimum, -10);
        double high = Math.Min(spec.Maximum, low + 20);
        int count = Math.Max(spec.MinimumCount, 1);
        return spec.Kind switch
        {
            ParameterKind.Number => low + (_random.NextDouble() * (high - low)),
            ParameterKind.NumberOrList when _random.Next(2) == 0 => high,
            ParameterKind.Integer => (long)Math.Ceiling(low),
            ParameterKind.Boolean => true,
            ParameterKind.Text => spec.Choices?[0] ?? Pick([.. Words, .. Control]),
            ParameterKind.IntegerList => Enumerable.Repeat((object?)(long)Math.Ceiling(low), count).ToArray(),
            ParameterKind.TextList => new object?[] { "DiceLoss" },
            ParameterKind.Any => new object?[] { null, new Dictionary<string, object?> { ["deep"] = new object?[] { 1L, 1.0, "x", true } } },
            _ => Enumerable.Range(0, count).Select(_ => (object?)(low + (_random.NextDouble() * (high - low)))).ToArray(),
        };
    }

    private string Text(KeyShape key) => key.Property.DeclaringType == typeof(DefaultModelConfig) && key.Key == "name"
        ? Pick(SegEngine.Catalog.Networks).Name
        : key.Key == "model_name" ? "seg_ä-1.b" : Pick(key.Choices ?? Words);

    private int Integer(KeyShape key)
    {
        int low = (int)Math.Max(key.Range?.Minimum ?? int.MinValue, int.MinValue);
        int high = (int)Math.Min(key.Range?.Maximum ?? int.MaxValue, int.MaxValue);
        return _random.Next(3) switch { 0 => low, 1 => high, _ => (int)_random.NextInt64(low, (long)high + 1) };
    }

    private double Number(KeyShape key)
    {
        double low = key.Range?.Minimum ?? -1e300;
        double high = key.Range?.Maximum ?? 1e300;
        return _random.Next(3) switch { 0 => high, 1 => Math.Max(low, 1e-7) is var tiny && tiny <= high ? tiny : high, _ => low + ((1 - _random.NextDouble()) * (high - low)) };
    }

    private T[] Many<T>(KeyShape key, Func<T> make) => [.. Enumerable.Range(0, key.Count ?? _random.Next(4)).Select(_ => make())];

    private T Pick<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];
}
