using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace FlexTls.Adapters;

/// <summary>A source of policies that is no file: texts by name, as a control plane would hand them out.</summary>
internal sealed class ControlPlane : ITlsPolicySource
{
    private ConfigurationReloadToken _changed = new();

    public string Name => "control plane";

    public Dictionary<string, string> Texts { get; } = new(StringComparer.Ordinal);

    public Exception? Failure { get; set; }

    /// <summary>Whether each answer has other text, as time stamps make it.</summary>
    public bool IsStamped { get; init; }

    public ValueTask<TlsPolicySet> ReadAsync(TlsPolicyReader reader, CancellationToken cancellationToken) =>
        Failure is null
            ? ValueTask.FromResult(
                TlsPolicySet.Combine(Texts.Select(text => reader.Read(text.Value + Stamp(), text.Key)).ToList()))
            : ValueTask.FromException<TlsPolicySet>(Failure);

    private string Stamp() => IsStamped ? $"\n# answer {Guid.NewGuid()}\n" : "";

    /// <summary>A token instead of one that fires with each change.</summary>
    public IChangeToken? Token { get; init; }

    public IChangeToken GetChangeToken() => Token ?? _changed;

    public void Change(string name, string text)
    {
        Texts[name] = text;
        Fire();
    }

    public void Fire() => Interlocked.Exchange(ref _changed, new ConfigurationReloadToken()).OnReload();
}
