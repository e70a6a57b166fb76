using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace FlexTls;

/// <summary>
/// The registered secret providers. Their secrets are kept until the change token fires, so that checking for changes
/// costs no calls. Thread-safe.
/// </summary>
internal sealed partial class SecretProviders
{
    private const int MostAtOnce = 4;
    private const int PatienceAfterTimeout = 10;

    private readonly TimeProvider _clock;
    private readonly Dictionary<string, Calls> _byScheme = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, KeptAnswer<ValueContent>> _kept = new(StringComparer.Ordinal);

    /// <param name="providers">The providers.</param>
    /// <param name="clock">Measures their time limit.</param>
    /// <param name="diagnostics">Receives an error for each scheme that cannot be used.</param>
    public SecretProviders(IEnumerable<ITlsSecretProvider> providers, TimeProvider clock, DiagnosticList diagnostics)
    {
        _clock = clock;
        foreach (var provider in providers)
        {
            var scheme = provider.Scheme;
            var problem = scheme is null
                || !Scheme().IsMatch(scheme)
                || scheme is ValueReferences.FileScheme or "http" or "https"
                ? "a scheme is two to 32 of a-z, 0-9, '+', '-' and '.', a letter first, and not file, http or https"
                : !_byScheme.TryAdd(scheme, new Calls(provider, new BoundedCalls(clock)))
                    ? "another provider has the same; keep one"
                : null;
            if (problem is not null)
            {
                diagnostics.Error(DiagnosticCodes.BadSecretScheme, new Place("AddSecretProvider"),
                    $"AddSecretProvider: {provider.GetType().Name} has the scheme {Text.Quote(scheme ?? "")}: "
                    + $"{problem}.");
            }
        }
    }

    /// <summary>No providers, as for policies that are read without a registration.</summary>
    public static SecretProviders None { get; } = new([], TimeProvider.System, new DiagnosticList());

    /// <summary>Called with the reference of a secret that may have changed.</summary>
    public Action<string> Changed { get; set; } = _ => { };

    public bool Has(string scheme) => _byScheme.ContainsKey(scheme);

    /// <summary>Whether a name is a secret that was read, and not a file.</summary>
    public bool IsKept(string name) => _kept.ContainsKey(name);

    /// <summary>The content of a secret, or why it cannot be used. Asked for where none is kept.</summary>
    /// <param name="name"><c>scheme:reference</c>, of a scheme that there is.</param>
    public ValueContent Read(string name) => _kept.GetOrAdd(name, Kept).Current();

    /// <summary>The version of the content that is kept, without waiting for a newer one.</summary>
    public ContentVersion Look(string name) =>
        _kept.TryGetValue(name, out var kept) ? kept.Look() : default;

    /// <summary>Secrets without change notification are asked for at the next look: a poll begins.</summary>
    public void MarkDue()
    {
        foreach (var kept in _kept.Values)
        {
            kept.MarkDue();
        }
    }

    /// <summary>Makes the next reading of each secret ask its provider again.</summary>
    public void Forget()
    {
        foreach (var calls in _byScheme.Values)
        {
            calls.Forget();
        }

        foreach (var kept in _kept.Values)
        {
            kept.Forget();
        }
    }

    /// <summary>Drops the secrets that are no longer in use.</summary>
    /// <param name="names">The names in use, files among them.</param>
    public void Keep(ICollection<string> names)
    {
        foreach (var name in _kept.Keys.Where(name => !names.Contains(name)).ToList())
        {
            if (_kept.TryRemove(name, out var unused))
            {
                unused.End();
            }
        }
    }

    private KeptAnswer<ValueContent> Kept(string name)
    {
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        var (provider, reference) = (_byScheme[name[..colon]], name[(colon + 1)..]);
        return new KeptAnswer<ValueContent>(
            (isAwaited, fired) => provider.Get(reference, isAwaited, fired), static content => content.Version,
            static content => content.Bytes is null, () => Changed(name), _clock, provider.Background);
    }

    [GeneratedRegex(@"^[a-z][a-z0-9+.-]{1,31}\z")]
    private static partial Regex Scheme();

    /// <summary>The calls of one provider. Those that hang hold up no files and no other provider.</summary>
    private sealed class Calls(ITlsSecretProvider provider, BoundedCalls calls)
    {
        private volatile bool _isLate;

        /// <summary>Where secrets are asked for again: few at once, however many change.</summary>
        public TaskScheduler Background { get; } =
            new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, MostAtOnce).ConcurrentScheduler;

        /// <summary>
        /// Asks for a secret. After a call that took too long, those that somebody waits for get less time: a start
        /// must not wait long for each secret of a provider that is down.
        /// </summary>
        public (ValueContent Content, ChangeSignal? Change) Get(string reference, bool isAwaited, Action changed)
        {
            (var answer, var problem, _isLate) = calls.Ask(
                reference,
                async token =>
                {
                    var secret = await provider.GetAsync(reference, token).ConfigureAwait(false);
                    token.ThrowIfCancellationRequested();
                    return secret is null
                        ? (ValueContent.Unusable("its provider returned null"), null)
                        : (Content(secret), ChangeSignal.Of(secret.ChangeToken, changed));
                },
                isAwaited && _isLate ? PatienceAfterTimeout : BoundedCalls.Patience);
            return problem is null ? answer : (ValueContent.Unusable($"its provider {problem}"), null);
        }

        /// <summary>The next call gets the whole time again.</summary>
        public void Forget() => _isLate = false;

        private static ValueContent Content(TlsSecret secret) => secret.Content.Length <= ValueContent.LongestValue
            ? ValueContent.Usable(secret.Content.ToArray())
            : ValueContent.Unusable($"it is longer than {ValueContent.LongestValue / (1024 * 1024)} MiB");
    }
}
