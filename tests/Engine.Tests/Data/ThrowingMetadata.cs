using System.Collections;

namespace MedSeg.Engine.Tests.Data;

/// <summary>Metadata that fail in a way no reader foresees.</summary>
internal sealed class ThrowingMetadata : IReadOnlyDictionary<string, object?>
{
    public const string Reason = "as a bug would";

    public IEnumerable<string> Keys => throw new InvalidOperationException(Reason);

    public IEnumerable<object?> Values => throw new InvalidOperationException(Reason);

    public int Count => throw new InvalidOperationException(Reason);

    public object? this[string key] => throw new InvalidOperationException(Reason);

    public bool ContainsKey(string key) => throw new InvalidOperationException(Reason);

    public bool TryGetValue(string key, out object? value) => throw new InvalidOperationException(Reason);

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => throw new InvalidOperationException(Reason);

    IEnumerator IEnumerable.GetEnumerator() => throw new InvalidOperationException(Reason);
}
