namespace MedSeg;

/// <summary>A named part with its own parameters: a loss, a scheduler, a step.</summary>
public class ComponentConfig
{
    public ComponentConfig()
    {
    }

    public ComponentConfig(string name)
        : this(name, null)
    {
    }

    public ComponentConfig(string name, IReadOnlyDictionary<string, object?>? parameters)
    {
        Name = name;
        foreach ((string key, object? value) in parameters ?? new SegMap<object?>())
        {
            Parameters[key] = value;
        }
    }

    public string Name { get; set; } = "";

    /// <summary>Parameter to value as the file gives it: string, bool, long, double, null, object?[] or a nested dictionary.</summary>
    public SegMap<object?> Parameters { get; set; } = [];

    public override string ToString() => Name;
}

/// <summary>A transform and where it applies.</summary>
public sealed class TransformConfig : ComponentConfig
{
    public TransformConfig()
    {
    }

    public TransformConfig(string name)
        : base(name)
    {
    }

    public TransformConfig(string name, IReadOnlyDictionary<string, object?>? parameters)
        : base(name, parameters)
    {
    }

    /// <summary>Some of im, gt, roi; empty means all.</summary>
    public string[] AppliedTo { get; set; } = [];

    /// <summary>Some of training, validation, testing; empty means all.</summary>
    public string[] DatasetType { get; set; } = [];
}

/// <summary>A section that is used when <see cref="Applied"/> is set.</summary>
public class AppliedConfig
{
    /// <summary>Use this section.</summary>
    public bool Applied { get; set; }
}
