using System.Diagnostics.Metrics;

namespace FlexTls;

/// <summary>
/// Decides for handlers that code creates through <see cref="IOutboundTlsHandlerFactory"/>: nothing was registered for
/// their names, which come and go.
/// </summary>
/// <param name="registration">What was registered.</param>
/// <param name="registry">The upstreams.</param>
/// <param name="addresses">The addresses of named clients.</param>
/// <param name="telemetry">The log of the program.</param>
/// <param name="meters">The destination of the handlers' metrics, unless the user chose another.</param>
/// <param name="whileUnbound">
/// What happens while the handler's name has no policy; <see langword="null"/>: it has no name, each request chooses.
/// </param>
/// <param name="displayName">
/// How the status names who uses the handler; <see langword="null"/>: by its name.
/// </param>
/// <param name="isCheck">Whether this only checks a handler that may be created; it then reports nothing.</param>
internal sealed class HandlerDecisions(
    OutboundTlsRegistration registration, UpstreamRegistry registry, ClientAddresses addresses,
    ProgramTelemetry telemetry, IMeterFactory? meters, UnboundClientBehavior? whileUnbound, string? displayName,
    bool isCheck)
    : ClientDecisions(registration, registry, addresses, telemetry, meters)
{
    private static long _count;

    // Numbered: several handlers, and a client, may have the same name.
    private readonly Refusals _refusals = new(isCheck ? null : $"handler {Interlocked.Increment(ref _count)}");

    /// <summary>Who creates the handler knows where its requests go: no client of that name has said it.</summary>
    public override void NoteAddress(string client, Upstream upstream, Uri? requested)
    {
    }

    public override void Forget(string client) => _refusals.Forget();

    protected override Upstream? FindUpstream(string client) =>
        whileUnbound is { } behavior ? Registry.Clients.FindForHandler(client, behavior, _refusals) : null;

    protected override bool AllowsSelection(string client) => whileUnbound is null;

    protected override bool AllowsPlainHttp(string client) => false;

    protected override void NoteWithoutPolicy(string client, IReadOnlyList<TlsPolicyDiagnostic> handlerFaults)
    {
    }

    protected override UpstreamTlsUser UserOf(string client) =>
        new() { Description = Text.OneLine(displayName ?? $"handler '{client}'") };

    protected override Refusals RefusalsOf(string client) => _refusals;
}
