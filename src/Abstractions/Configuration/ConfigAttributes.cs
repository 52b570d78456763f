namespace MedSeg;

/// <summary>The key of a property in files, where it is not the property's name in snake_case.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SegKeyAttribute(string key) : Attribute
{
    public string Key { get; } = key;
}

/// <summary>Allowed numbers of a property (of each element of a list); bounds belong to the range unless marked exclusive.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SegRangeAttribute(double minimum, double maximum) : Attribute
{
    public double Minimum { get; } = minimum;

    public double Maximum { get; } = maximum;

    public bool ExclusiveMinimum { get; init; }
}

/// <summary>Allowed words of a property (of each element of a list).</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SegChoiceAttribute(params string[] choices) : Attribute
{
    public string[] Choices { get; } = choices;
}

/// <summary>Allowed number of elements of a list that is not empty.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SegCountAttribute(int count) : Attribute
{
    public int Count { get; } = count;
}

/// <summary>The property is not a key of its own; it is read from and written into another key.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SegNotAKeyAttribute : Attribute;

/// <summary>The key is left out of written files while the property has its default.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SegOmitDefaultAttribute : Attribute;

/// <summary>Numbers in files are taken as text: values of table columns, which may look like numbers.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SegNumberAsTextAttribute : Attribute;
