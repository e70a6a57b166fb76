namespace FlexTls;

/// <summary>
/// Disposes of an object when the service provider or scope ends that it was made for. As a transient service, each is
/// disposed by the one that it was resolved from.
/// </summary>
internal sealed class EndOfServices : IDisposable, IAsyncDisposable
{
    /// <summary>The object.</summary>
    public object? Made { get; set; }

    public void Dispose() => (Made as IDisposable)?.Dispose();

    public ValueTask DisposeAsync()
    {
        if (Made is IAsyncDisposable made)
        {
            return made.DisposeAsync();
        }

        Dispose();
        return default;
    }
}
