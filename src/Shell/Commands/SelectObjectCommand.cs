using System.Management.Automation;
using System.Reflection;
using Microsoft.PowerShell.Commands;

namespace MedSeg.Shell.Commands;

/// <summary>Select-Object with -First, -Last, -Skip, -Property, -ExpandProperty, -Unique is left out.</summary>
[Cmdlet(VerbsCommon.Select, "Object")]
public sealed class SelectObjectCommand : PSCmdlet
{
    private readonly Queue<PSObject> _last = [];
    private int _seen;
    private int _written;

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    public object[] Property { get; set; } = [];

    [Parameter]
    public string? ExpandProperty { get; set; }

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? First { get; set; }

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? Last { get; set; }

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Skip { get; set; }

    protected override void ProcessRecord()
    {
        if (InputObject is null || _seen++ < Skip)
            return;
        if (Last is int last)
        {
            _last.Enqueue(InputObject);
            if (_last.Count > last)
                _last.Dequeue();
            return;
        }

        if (First is null || _written < First)
            Emit(InputObject);
        if (First is int first && ++_written >= first)
            StopUpstream();
    }

    protected override void EndProcessing()
    {
        foreach (PSObject item in _last)
            Emit(item);
    }

    private void Emit(PSObject item)
    {
        if (ExpandProperty is not null)
            WriteObject(PropertyValue.Of(item, ExpandProperty), enumerateCollection: true);
        else if (Property.Length > 0)
            WriteObject(Projected(item));
        else
            WriteObject(item);
    }

    private PSObject Projected(PSObject item)
    {
        var result = new PSObject();
        foreach (object property in Property)
        {
            foreach ((string name, object? value) in PropertyValue.AllOf(item, property))
                result.Properties.Add(new PSNoteProperty(name, value));
        }

        return result;
    }

    /// <summary>The engine's own way to tell the commands before this one that it has enough.</summary>
    private void StopUpstream()
    {
        Type type = typeof(PSObject).Assembly.GetType("System.Management.Automation.StopUpstreamCommandsException", throwOnError: true)!;
        throw (Exception)Activator.CreateInstance(type, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, null, [this], null)!;
    }
}

/// <summary>Values of properties given by name, wildcard, script block or @{ Name = …; Expression = … }.</summary>
internal static class PropertyValue
{
    /// <summary>The first value, or null.</summary>
    public static object? Of(PSObject item, object property) => AllOf(item, property).Select(p => p.Value).FirstOrDefault();

    /// <summary>Name and value of everything that <paramref name="property"/> stands for.</summary>
    public static IEnumerable<(string Name, object? Value)> AllOf(PSObject item, object property)
    {
        object bare = property is PSObject wrapped ? wrapped.BaseObject : property;
        if (bare is System.Collections.IDictionary table)
        {
            object? expression = Entry(table, "Expression", "e");
            string name = (Entry(table, "Name", "n") ?? Entry(table, "Label", "l") ?? expression)?.ToString() ?? "";
            return expression is null ? [] : [(name, Of(item, expression))];
        }

        PSPropertyExpression path = bare is ScriptBlock script ? new PSPropertyExpression(script) : new PSPropertyExpression(bare.ToString());
        List<PSPropertyExpressionResult> results = path.GetValues(item);
        return results.Count > 0
            ? results.Select(r => (r.ResolvedExpression.ToString(), (object?)r.Result))
            : [(path.ToString(), null)];
    }

    private static object? Entry(System.Collections.IDictionary table, string name, string abbreviation) =>
        table.Keys.Cast<object>()
            .Where(k => name.Equals(k.ToString(), StringComparison.OrdinalIgnoreCase) || abbreviation.Equals(k.ToString(), StringComparison.OrdinalIgnoreCase))
            .Select(k => table[k])
            .FirstOrDefault();
}
