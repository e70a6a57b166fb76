using Microsoft.Extensions.Primitives;

namespace FlexTls.Secrets;

/// <summary>
/// The last answer of a provider, kept until its change token fires. Thread-safe: one caller asks, the others wait.
/// </summary>
internal sealed class KeptSecret
{
    private readonly Lock _lock = new();
    private ValueContent? _content;
    private IChangeToken? _token;
    private IDisposable? _registration;

    /// <summary>The content: the kept one if it has not changed, otherwise the provider's new answer.</summary>
    /// <param name="ask">Asks the provider. After a failure it is asked each time.</param>
    /// <param name="changed">Called when the content may have changed.</param>
    public ValueContent Read(Func<(ValueContent Content, IChangeToken? ChangeToken)> ask, Action changed)
    {
        lock (_lock)
        {
            try
            {
                if (_content is { Bytes: not null } kept && _token is null or { HasChanged: false })
                {
                    return kept;
                }

                _registration?.Dispose();
                (_content, _token) = ask();
                _registration = _token?.RegisterChangeCallback(_ => changed(), null);
            }
            catch (Exception e)
            {
                _content = ValueContent.Unusable($"its change token failed ({e.GetType().Name})");
            }

            return _content;
        }
    }

    /// <summary>Makes the next reading ask the provider again.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _content = null;
        }
    }

    /// <summary>Stops reporting changes.</summary>
    public void End()
    {
        lock (_lock)
        {
            _registration?.Dispose();
        }
    }
}
