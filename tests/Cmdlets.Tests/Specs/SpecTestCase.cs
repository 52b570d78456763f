using System.ComponentModel;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace MedSeg.Cmdlets.Tests.Specs;

/// <summary>One <c>It</c> of a spec file, shown under its own name.</summary>
public sealed class SpecTestCase : XunitTestCase
{
    private string _title = "";
    private string? _skip;

    /// <summary>For xunit, which fills it by <see cref="Deserialize"/>.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("Called by the de-serializer.")]
    public SpecTestCase()
    {
    }

    public SpecTestCase(IMessageSink messages, ITestMethod method, string file, int id, string title, string? skip)
        : base(messages, TestMethodDisplay.Method, TestMethodDisplayOptions.None, method, [file, id])
    {
        _title = title;
        _skip = skip;
    }

    public override void Serialize(IXunitSerializationInfo data)
    {
        base.Serialize(data);
        data.AddValue("Title", _title);
        data.AddValue("Skip", _skip);
    }

    public override void Deserialize(IXunitSerializationInfo data)
    {
        _title = data.GetValue<string>("Title");
        _skip = data.GetValue<string?>("Skip");
        base.Deserialize(data);
    }

    protected override string GetDisplayName(IAttributeInfo factAttribute, string displayName) => _title;

    protected override string GetSkipReason(IAttributeInfo factAttribute) => _skip!;
}
