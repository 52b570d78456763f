using System.Globalization;
using System.Management.Automation;

namespace MedSeg.Shell.Commands;

/// <summary>Sort-Object by properties; stable.</summary>
[Cmdlet("Sort", "Object")]
public sealed class SortObjectCommand : PSCmdlet
{
    private readonly List<PSObject> _items = [];

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    public object[] Property { get; set; } = [];

    [Parameter]
    public SwitchParameter Descending { get; set; }

    protected override void ProcessRecord()
    {
        if (InputObject is not null)
            _items.Add(InputObject);
    }

    protected override void EndProcessing()
    {
        IOrderedEnumerable<PSObject> sorted = _items.Order(Comparer<PSObject>.Create(Compare));
        foreach (PSObject item in sorted)
            WriteObject(item);
    }

    private int Compare(PSObject a, PSObject b)
    {
        int order = Property.Length == 0
            ? LanguagePrimitives.Compare(a, b, ignoreCase: true, CultureInfo.InvariantCulture)
            : Property.Select(p => LanguagePrimitives.Compare(PropertyValue.Of(a, p), PropertyValue.Of(b, p), ignoreCase: true, CultureInfo.InvariantCulture)).FirstOrDefault(c => c != 0);
        return Descending ? -order : order;
    }
}

/// <summary>Measure-Object over numbers: count, average, sum, smallest and largest.</summary>
[Cmdlet("Measure", "Object")]
public sealed class MeasureObjectCommand : PSCmdlet
{
    private readonly List<double> _values = [];
    private int _count;

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    public string? Property { get; set; }

    [Parameter]
    public SwitchParameter Average { get; set; }

    [Parameter]
    public SwitchParameter Sum { get; set; }

    [Parameter]
    public SwitchParameter Minimum { get; set; }

    [Parameter]
    public SwitchParameter Maximum { get; set; }

    private bool Numbers => Average || Sum || Minimum || Maximum;

    protected override void ProcessRecord()
    {
        if (InputObject is null)
            return;
        object? value = Property is null ? InputObject.BaseObject : PropertyValue.Of(InputObject, Property);
        if (value is null)
            return;
        _count++;
        if (Numbers)
            _values.Add(LanguagePrimitives.ConvertTo<double>(value));
    }

    protected override void EndProcessing()
    {
        bool any = _values.Count > 0;
        var result = new PSObject();
        result.Properties.Add(new PSNoteProperty("Count", _count));
        result.Properties.Add(new PSNoteProperty("Average", Average && any ? _values.Average() : null));
        result.Properties.Add(new PSNoteProperty("Sum", Sum && any ? _values.Sum() : null));
        result.Properties.Add(new PSNoteProperty("Minimum", Minimum && any ? _values.Min() : null));
        result.Properties.Add(new PSNoteProperty("Maximum", Maximum && any ? _values.Max() : null));
        result.Properties.Add(new PSNoteProperty("Property", Property));
        WriteObject(result);
    }
}
