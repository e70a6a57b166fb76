namespace FlexTls;

/// <summary>A text that never changes.</summary>
internal sealed class TextSource(string name, string text) : ITlsPolicySource
{
    public string Name => name;

    public ValueTask<TlsPolicySet> ReadAsync(TlsPolicyReader reader, CancellationToken cancellationToken) =>
        new(reader.Read(text));
}
