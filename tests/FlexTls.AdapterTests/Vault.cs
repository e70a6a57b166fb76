using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace FlexTls.Adapters;

/// <summary>A provider of secrets in memory.</summary>
internal sealed class Vault : ITlsSecretProvider
{
    private readonly ConcurrentDictionary<string, ConfigurationReloadToken> _changed = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _released = new();
    private int _calls;

    public string Scheme { get; init; } = "vault";

    public ConcurrentDictionary<string, string> Secrets { get; } = new(StringComparer.Ordinal);

    public Exception? Failure { get; set; }

    /// <summary>Whether it answers only after <see cref="Release"/>, whatever its caller cancels.</summary>
    public bool Hangs { get; set; }

    /// <summary>A token instead of one that fires with each change.</summary>
    public IChangeToken? Token { get; init; }

    public int Calls => Volatile.Read(ref _calls);

    public void Release() => _released.TrySetResult();

    public async ValueTask<TlsSecret> GetAsync(string reference, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        if (Hangs)
        {
            await _released.Task;
        }

        if (Failure is not null)
        {
            throw Failure;
        }

        var changed = _changed.GetOrAdd(reference, _ => new ConfigurationReloadToken());
        var content = Encoding.UTF8.GetBytes(Secrets[reference]);
        return new TlsSecret(content, Token ?? changed);
    }

    public void Change(string reference, string secret)
    {
        Secrets[reference] = secret;
        if (_changed.TryRemove(reference, out var changed))
        {
            changed.OnReload();
        }
    }
}
