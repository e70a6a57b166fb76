using System.Diagnostics.Metrics;

namespace FlexTls;

/// <summary>Creates handlers whose metrics go to the same place as those of the program's other clients.</summary>
internal sealed class UpstreamHandlerFactory(
    OutboundTlsRegistration registration, UpstreamRegistry registry, ClientAddresses addresses,
    ProgramTelemetry telemetry, IMeterFactory? meters = null) : IOutboundTlsHandlerFactory
{
    // How messages name a handler that has no upstream of its own.
    private const string Selecting = "selecting handler";

    public HttpMessageHandler CreateHandler(string name, SocketsHttpHandler? settings) =>
        new OutboundTlsHandler(HandlerBlueprint.Of(registry.GetContext(name), settings, meters));

    public HttpMessageHandler CreateLateBoundHandler(
        string name, UnboundClientBehavior whileUnbound, SocketsHttpHandler? handler, string? displayName)
    {
        ArgumentNullException.ThrowIfNull(name);
        var gate = CreateGate(name, handler, whileUnbound, ownsHandler: true, displayName);
        if (registry.IsLoaded)
        {
            // From now on, the upstream keeps a policy that allows HTTP.
            gate.Decide();
        }

        return gate;
    }

    public IReadOnlyList<TlsPolicyDiagnostic> CheckLateBoundHandler(
        string name, UnboundClientBehavior whileUnbound, SocketsHttpHandler? settings)
    {
        ArgumentNullException.ThrowIfNull(name);
        using var gate = CreateGate(name, settings, whileUnbound, ownsHandler: false, isCheck: true);
        return [.. gate.Decide().Where(fault => fault.Severity == TlsPolicyDiagnosticSeverity.Error)];
    }

    public HttpMessageHandler CreateSelectingHandler(SocketsHttpHandler? settings)
    {
        HandlerBlueprint.ThrowIfTlsIsSet(settings);
        return CreateGate(Selecting, settings, whileUnbound: null, ownsHandler: false);
    }

    private ClientGate CreateGate(
        string name, SocketsHttpHandler? handler, UnboundClientBehavior? whileUnbound, bool ownsHandler,
        string? displayName = null, bool isCheck = false)
    {
        var decisions = new HandlerDecisions(
            registration, registry, addresses, telemetry, meters, whileUnbound, displayName, isCheck);
        var primary = new PrimaryHandler(handler ?? new SocketsHttpHandler());
        return new ClientGate(name, decisions, primary, isBehindOthers: false) { OwnsPrimary = ownsHandler };
    }
}
