using System.Collections.Concurrent;
using System.Reflection;
using System.Text;

namespace MedSeg.Engine.Configuration;

/// <summary>The form of a key's value in files.</summary>
internal enum ValueShape
{
    Text,
    Boolean,
    Integer,
    Number,
    TextList,
    IntegerList,
    NumberList,

    /// <summary>A list of texts, or a list of lists of texts with several raters.</summary>
    TargetSuffixes,

    /// <summary>Name to number.</summary>
    NumberMap,

    /// <summary>Name to text.</summary>
    TextMap,

    /// <summary>An object with a name and parameters.</summary>
    Component,

    /// <summary>An object of steps, name to parameters, in order.</summary>
    Steps,

    /// <summary>As <see cref="Steps"/>, with applied_to and dataset_type.</summary>
    Transforms,

    Section,
}

/// <summary>One key of a section, as its property describes it.</summary>
internal sealed record KeyShape(string Key, PropertyInfo Property, ValueShape Shape, bool Nullable)
{
    private static readonly NullabilityInfoContext Nullability = new();

    public SegRangeAttribute? Range { get; } = Property.GetCustomAttribute<SegRangeAttribute>();

    public IReadOnlyList<string>? Choices { get; } = Property.GetCustomAttribute<SegChoiceAttribute>()?.Choices;

    public int? Count { get; } = Property.GetCustomAttribute<SegCountAttribute>()?.Count;

    public bool OmitDefault { get; } = Property.IsDefined(typeof(SegOmitDefaultAttribute));

    public bool NumberAsText { get; } = Property.IsDefined(typeof(SegNumberAsTextAttribute));

    public static KeyShape Of(PropertyInfo property)
    {
        string key = property.GetCustomAttribute<SegKeyAttribute>()?.Key ?? SnakeCase(property.Name);
        bool nullable;
        lock (Nullability)
        {
            nullable = Nullability.Create(property).ReadState == NullabilityState.Nullable;
        }

        return new KeyShape(key, property, ShapeOf(property), nullable);
    }

    /// <summary>What a value must be, for messages and documentation.</summary>
    public string Allowed()
    {
        string range = Range is null ? "" : Describe.Range(Range.Minimum, Range.Maximum, Range.ExclusiveMinimum);
        string count = Count is null ? "" : $"{Count} ";
        string text = Shape switch
        {
            ValueShape.Text => Choices is null ? "text" : Describe.OneOf(Choices),
            ValueShape.Boolean => "true or false",
            ValueShape.Integer => "a whole number" + range,
            ValueShape.Number => "a number" + range,
            ValueShape.TextList => $"a list of {count}texts",
            ValueShape.IntegerList => $"a list of {count}whole numbers{range}",
            ValueShape.NumberList => $"a list of {count}numbers{range}",
            ValueShape.TargetSuffixes => "a list of texts, or with several raters a list of lists of texts",
            ValueShape.NumberMap => $"an object of names with numbers{range}",
            ValueShape.TextMap => "an object of names with texts",
            ValueShape.Component => "an object with a name and parameters",
            ValueShape.Steps or ValueShape.Transforms => "an object of names with parameters",
            _ => "an object",
        };
        return Nullable ? text + ", or null" : text;
    }

    /// <summary><c>BatchSize</c> → <c>batch_size</c>.</summary>
    private static string SnakeCase(string name)
    {
        var result = new StringBuilder(name.Length + 8);
        foreach (char c in name)
        {
            if (char.IsAsciiLetterUpper(c) && result.Length > 0)
            {
                result.Append('_');
            }

            result.Append(char.ToLowerInvariant(c));
        }

        return result.ToString();
    }

    private static ValueShape ShapeOf(PropertyInfo property)
    {
        Type type = System.Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return type switch
        {
            _ when type == typeof(string) => ValueShape.Text,
            _ when type == typeof(bool) => ValueShape.Boolean,
            _ when type == typeof(int) => ValueShape.Integer,
            _ when type == typeof(double) => ValueShape.Number,
            _ when property.Name == nameof(LoaderConfig.TargetSuffix) => ValueShape.TargetSuffixes,
            _ when type == typeof(string[]) => ValueShape.TextList,
            _ when type == typeof(int[]) => ValueShape.IntegerList,
            _ when type == typeof(double[]) => ValueShape.NumberList,
            _ when type == typeof(SegMap<double>) => ValueShape.NumberMap,
            _ when type == typeof(SegMap<string>) => ValueShape.TextMap,
            _ when type == typeof(TransformConfig[]) => ValueShape.Transforms,
            _ when type == typeof(ComponentConfig[]) => ValueShape.Steps,
            _ when type == typeof(ComponentConfig) => ValueShape.Component,
            _ => ValueShape.Section,
        };
    }
}

/// <summary>The keys of a section, from its type.</summary>
internal sealed class SectionShape
{
    private static readonly ConcurrentDictionary<Type, SectionShape> Cache = new();

    private SectionShape(Type type)
    {
        IEnumerable<PropertyInfo> own = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanWrite && !p.IsDefined(typeof(SegNotAKeyAttribute)));
        Keys = [.. own.OrderBy(p => p.DeclaringType == type ? 1 : 0).Select(KeyShape.Of)];
        Default = Activator.CreateInstance(type)!;
    }

    /// <summary>In the order of the properties; those of a base type first.</summary>
    public IReadOnlyList<KeyShape> Keys { get; }

    /// <summary>A section with every default; never changed.</summary>
    public object Default { get; }

    public static SectionShape Of(Type type) => Cache.GetOrAdd(type, t => new SectionShape(t));

    public KeyShape? Find(string key) => Keys.FirstOrDefault(k => k.Key == key);

    /// <summary>Every key path below a section type, sections themselves included.</summary>
    public static IEnumerable<(string Path, KeyShape Key, object Default)> All(Type type, string prefix = "")
    {
        SectionShape shape = Of(type);
        foreach (KeyShape key in shape.Keys)
        {
            string path = prefix + key.Key;
            yield return (path, key, shape.Default);
            if (key.Shape == ValueShape.Section)
            {
                foreach ((string Path, KeyShape Key, object Default) below in All(key.Property.PropertyType, path + "."))
                {
                    yield return below;
                }
            }
        }
    }
}
