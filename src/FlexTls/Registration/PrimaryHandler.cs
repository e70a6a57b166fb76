namespace FlexTls;

/// <summary>The handler at the end of a client's chain, behind the gate.</summary>
internal sealed class PrimaryHandler
{
    private readonly bool _isReplaced;

    /// <param name="handler">The handler.</param>
    /// <param name="isReplaced">Whether something removed the gate in front of it.</param>
    public PrimaryHandler(HttpMessageHandler? handler, bool isReplaced) =>
        (Handler, _isReplaced) = (handler, isReplaced);

    public HttpMessageHandler? Handler { get; }

    /// <summary>Reports why our handler cannot take this handler's place, if it cannot.</summary>
    public void Examine(Place client, DiagnosticList diagnostics)
    {
        if (_isReplaced)
        {
            diagnostics.Error(DiagnosticCodes.HandlerReplaced, client, ReplacedMessage(client));
        }
        else if (Handler is SocketsHttpHandler handler)
        {
            foreach (var setting in HandlerSettings.TlsSettings(handler))
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

    public static string ReplacedMessage(Place client) =>
        $"{client.Path}: something set its primary handler after the policy was put on it; "
        + "configure the handler with ConfigurePrimaryHttpMessageHandler instead.";

    private HttpMessageHandler? End()
    {
        var end = Handler;
        while (end is DelegatingHandler delegating)
        {
            end = delegating.InnerHandler;
        }

        return end;
    }
}
