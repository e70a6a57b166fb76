namespace FlexTls;

/// <summary>The handler at the end of a client's chain, behind the gate.</summary>
/// <param name="handler">The handler.</param>
/// <param name="sharedWith">
/// Another client, without a gate, that shares it; <see langword="null"/>: none is known.
/// </param>
internal sealed class PrimaryHandler(HttpMessageHandler? handler, string? sharedWith = null)
{
    public HttpMessageHandler? Handler => handler;

    /// <summary>The other client, which has no policy.</summary>
    public OtherClient? SharedWith { get; } =
        sharedWith is null ? null : new OtherClient(sharedWith, HasPolicy: false);

    /// <summary>Reports why our handler cannot take this handler's place, if it cannot.</summary>
    public void Examine(Place client, DiagnosticList diagnostics)
    {
        if (handler is SocketsHttpHandler sockets)
        {
            foreach (var setting in HandlerSettings.TlsSettings(sockets))
            {
                diagnostics.Error(DiagnosticCodes.TlsSettingOnHandler, client,
                    $"{client.Path}: the handler sets {setting}, which the policy decides; remove it.");
            }
        }
        else if (End() is SocketsHttpHandler)
        {
            diagnostics.Error(DiagnosticCodes.HandlerReplaced, client,
                $"{client.Path}: its primary handler was used already by another client; "
                + "return a new one each time from ConfigurePrimaryHttpMessageHandler.");
        }
        else
        {
            diagnostics.Error(DiagnosticCodes.ForeignPrimaryHandler, client,
                $"{client.Path}: its primary handler is {End()?.GetType().Name ?? "missing"}, "
                + "which makes its own connections; "
                + "return a SocketsHttpHandler from ConfigurePrimaryHttpMessageHandler. In tests, "
                + "DangerousReplaceOutboundTls(() => handler) on the client lets a handler of your own stand in.");
        }
    }

    private HttpMessageHandler? End()
    {
        var end = handler;
        while (end is DelegatingHandler delegating)
        {
            end = delegating.InnerHandler;
        }

        return end;
    }
}
