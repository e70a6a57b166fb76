#pragma warning disable SYSLIB1015 // Code and host are fields of their own; the text of the failure has them already.
using Microsoft.Extensions.Logging;

namespace FlexTls;

/// <summary>
/// What is recorded and logged about one upstream. A failure that repeats under one generation is logged once a minute,
/// with a count: a server that is down must not fill a disk.
/// </summary>
internal sealed partial class UpstreamLog(
    ILogger handshakes, ILogger rotation, TlsInstruments instruments, TimeProvider clock, string upstream)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (long Since, int Suppressed)> _failures = new(StringComparer.Ordinal);
    private readonly PatientLog _patient = new();
    private UpstreamTlsError? _lastError;
    private bool _hasLoggedNotSent;

    public string Upstream => upstream;

    /// <summary>The clients that are bound to the upstream.</summary>
    public IReadOnlyList<UpstreamTlsUser> Users { get; set; } = [];

    /// <summary>What became of the upstream's connections.</summary>
    public ConnectionHistory History { get; } = new(clock);

    /// <summary>The last failed connection or reload; <see langword="null"/>: none failed.</summary>
    public UpstreamTlsError? LastError
    {
        get
        {
            lock (_lock)
            {
                return _lastError;
            }
        }
    }

    /// <summary>
    /// A connection, by its number in the history, succeeded in its handshake. Under each generation, the first one
    /// without the client certificate is logged.
    /// </summary>
    public void Succeeded(string host, long number, HandshakeOutcome outcome, EffectiveTlsSettings settings)
    {
        History.Succeeded(host, number, isAccepted: !outcome.MayBeRefused);
        if (settings.ClientCertificate is { } identity && !outcome.Negotiated!.IsMutual)
        {
            lock (_lock)
            {
                if (_hasLoggedNotSent)
                {
                    return;
                }

                _hasLoggedNotSent = true;
            }

            _patient.Write(() => NotSent(handshakes, upstream, identity.Subject, Text.Quote(host), host));
        }
    }

    /// <summary>A connection failed, or a request was refused.</summary>
    /// <param name="failure">Why.</param>
    /// <param name="isOfUpstream">Whether it was a new connection to the upstream itself.</param>
    /// <param name="number">The number of the connection; <see langword="null"/>: unknown.</param>
    public void Failed(TlsHandshakeException failure, bool isOfUpstream, long? number = null)
    {
        // The message is meant for callers; operators get the whole verdict on a certificate instead.
        var text = Text.OneLine(
            failure.ServerCertificate is { } verdict
                ? $"{failure.Code}: TLS to upstream '{upstream}' ({failure.TargetHost}): "
                    + $"the server's certificate is {verdict}"
                : failure.Message);
        Remember(failure.Code, text, clock.GetUtcNow());
        instruments.Failed(upstream, failure.Code);
        History.Failed(failure.Code, text, isOfUpstream, number);
        if (Count(failure.Code) is { } suppressed)
        {
            _patient.Write(suppressed == 0
                ? () => ConnectionFailed(handshakes, upstream, text, failure.Code, failure.TargetHost)
                : () => ConnectionsFailed(
                    handshakes, upstream, suppressed, text, failure.Code, failure.TargetHost));
        }
    }

    /// <summary>A request was redirected to another authority; logged at most once a minute.</summary>
    public void Redirected(Uri target)
    {
        if (Count(nameof(Redirected)) is { } suppressed)
        {
            var host = Text.Quote(target.AsciiHost());
            _patient.Write(() => RedirectedElsewhere(handshakes, upstream, host, target.Port, suppressed + 1));
        }
    }

    /// <summary>Connections that had outlived their generation for too long were closed.</summary>
    public void DrainEnded(int generation, int count, DrainDeadline deadline) =>
        ClosedAtDeadline(rotation, upstream, Text.Count(count, "connection"), generation, deadline);

    /// <summary>Connections were closed because the policy in force refuses their server.</summary>
    public void NoLongerAccepted(int generation, int count, ServerCertificateFailure failure) =>
        ClosedAsRefused(
            rotation, upstream, Text.Count(count, "connection"), generation,
            Text.OneLine($"{failure.Code}: {failure.Message}"));

    /// <summary>Connections without TLS were closed because the policy in force forbids them.</summary>
    public void PlainNoLongerAllowed(int generation, int count) =>
        ClosedAsPlain(rotation, upstream, Text.Count(count, "connection"), generation);

    /// <summary>A generation is in force; its failures do not repeat earlier ones.</summary>
    public void InForce(int generation, ContextGeneration context, string source, IEnumerable<UpstreamTlsUser> usersNow)
    {
        lock (_lock)
        {
            _failures.Clear();
            _hasLoggedNotSent = false;
        }

        History.GenerationReplaced();
        if (rotation.IsEnabled(LogLevel.Information))
        {
            List<string> users =
            [
                .. Users.Concat(usersNow).Select(user => user.ToString()).Distinct().Order(StringComparer.Ordinal),
            ];
            var subject = context.Effective.ClientCertificate?.Subject;
            var expiry = Expiries.Of(context).MinBy(certificate => certificate.NotAfter);
            GenerationInForce(
                rotation, upstream, generation, Text.OneLine(source),
                users is [] ? "nobody yet" : string.Join(", ", users),
                subject is null ? "none" : $"'{subject}'",
                expiry is null ? "none" : $"{expiry.NotAfter:u} ('{expiry.Subject}')");
        }
    }

    /// <summary>A policy waits, because it takes something away or is weaker.</summary>
    public void Waits(PendingChange pending) =>
        ChangeWaits(rotation, upstream, pending.Until, string.Join("; ", pending.Change.Reasons));

    /// <summary>The source holds the policy in force again, and no longer the one that waited.</summary>
    public void NoLongerWaits() => ChangeGone(rotation, upstream);

    /// <summary>The generation in force is weaker than the previous one.</summary>
    public void Weakened(int generation, IReadOnlyList<string> weaker) =>
        GenerationWeaker(rotation, upstream, generation, string.Join("; ", weaker));

    /// <summary>
    /// Records that the changed policy cannot be used. The reader of policies logs it, once for all upstreams.
    /// </summary>
    public void Degraded(IReadOnlyList<TlsPolicyDiagnostic> faults, DateTimeOffset now) =>
        Remember(
            faults.OrderByDescending(fault => fault.Severity).FirstOrDefault()?.Code,
            string.Join(Environment.NewLine, faults), now);

    private void Remember(string? code, string message, DateTimeOffset now)
    {
        lock (_lock)
        {
            _lastError = new() { Code = code, Message = message, At = now };
        }
    }

    /// <summary>
    /// How many events of this kind have gone unlogged since the last line; <see langword="null"/> if this one does
    /// too.
    /// </summary>
    private int? Count(string code)
    {
        lock (_lock)
        {
            var now = clock.GetTimestamp();
            if (_failures.TryGetValue(code, out var entry) && clock.GetElapsedTime(entry.Since, now) < Interval)
            {
                _failures[code] = entry with { Suppressed = entry.Suppressed + 1 };
                return null;
            }

            _failures[code] = (now, 0);
            return entry.Suppressed;
        }
    }

    [LoggerMessage(
        19, LogLevel.Warning,
        "Upstream '{Upstream}': the client certificate '{Identity}' was not sent in the handshake with {Server}: the "
        + "server did not ask for one, or accepts no signature that the certificate's key can make. Configure the "
        + "server to ask for it, or issue a certificate with a key that it accepts; if none is needed, remove the "
        + "certificate from the policy.")]
    private static partial void NotSent(
        ILogger logger, string upstream, string identity, string server, string Host);

    [LoggerMessage(20, LogLevel.Error, "A connection to upstream '{Upstream}' failed. {Failure}")]
    private static partial void ConnectionFailed(
        ILogger logger, string upstream, string failure, string Code, string Host);

    [LoggerMessage(
        21, LogLevel.Error,
        "A connection to upstream '{Upstream}' failed ({Count} more with this code since the last line). {Failure}")]
    private static partial void ConnectionsFailed(
        ILogger logger, string upstream, int count, string failure, string Code, string Host);

    [LoggerMessage(
        22, LogLevel.Warning,
        "A request to upstream '{Upstream}' was redirected to another authority, {Host}, port {Port}: no client "
        + "certificate is presented there, and the server is validated in full. Redirects since the last line: "
        + "{Count}.")]
    private static partial void RedirectedElsewhere(ILogger logger, string upstream, string host, int port, int count);

    [LoggerMessage(
        23, LogLevel.Warning, "Upstream '{Upstream}': closed {Connections} of generation {Generation}: {Deadline}.")]
    private static partial void ClosedAtDeadline(
        ILogger logger, string upstream, string connections, int generation, DrainDeadline deadline);

    [LoggerMessage(
        24, LogLevel.Warning,
        "Upstream '{Upstream}': closed {Connections} of generation {Generation}, because the policy in force refuses "
        + "the server. {Failure}")]
    private static partial void ClosedAsRefused(
        ILogger logger, string upstream, string connections, int generation, string failure);

    [LoggerMessage(
        25, LogLevel.Information,
        "Upstream '{Upstream}': generation {Generation} is in force, from {Source}. Used by: {Users}. Client "
        + "certificate: {Identity}. First expiry: {Expiry}.")]
    private static partial void GenerationInForce(
        ILogger logger, string upstream, int generation, string source, string users, string identity, string expiry);

    [LoggerMessage(
        26, LogLevel.Information,
        "Upstream '{Upstream}': a change of its policy waits until {Until:u}, because it takes something away or is "
        + "weaker: {Reasons}. It takes effect if nothing changes before then.")]
    private static partial void ChangeWaits(ILogger logger, string upstream, DateTimeOffset until, string reasons);

    [LoggerMessage(
        27, LogLevel.Warning,
        "Upstream '{Upstream}': generation {Generation} is weaker than the previous one: {Changes}.")]
    private static partial void GenerationWeaker(ILogger logger, string upstream, int generation, string changes);

    [LoggerMessage(28, LogLevel.Information,
        "Upstream '{Upstream}': the change that waited is gone; nothing was put in force.")]
    private static partial void ChangeGone(ILogger logger, string upstream);

    [LoggerMessage(29, LogLevel.Warning,
        "Upstream '{Upstream}': closed {Connections} of generation {Generation} without TLS, because the policy in "
        + "force does not allow plain HTTP.")]
    private static partial void ClosedAsPlain(ILogger logger, string upstream, string connections, int generation);
}
