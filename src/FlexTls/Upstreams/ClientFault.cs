namespace FlexTls;

/// <summary>Why a client must not be used.</summary>
internal static class ClientFault
{
    /// <summary>Its name is nearly that of a client with a policy.</summary>
    public static TlsPolicyException Spelling(string client, string bound) =>
        Of(DiagnosticCodes.NoPolicyForClient, client,
        $"its name differs only in letter case from that of client '{bound}', which is under a policy; "
        + $"did you mean {Text.Quote(bound)}?");

    /// <summary>It has no policy, and every client must have one.</summary>
    public static TlsPolicyException Unbound(string client, UpstreamKey? near) =>
        Of(DiagnosticCodes.UnboundClient, client,
        "it has no policy, and UnboundClients is Refuse; "
        + "call AddOutboundTls on it, or register a policy for a Service of its name."
        + (near is { } name ? $" Did you mean {Text.Quote(name.ToString())}?" : ""));

    /// <summary>Its handlers were built without its gate.</summary>
    public static TlsPolicyDiagnostic Replaced(string client) => Of(DiagnosticCodes.HandlerReplaced, client,
        "its finished handler lacks the gate of FlexTls, probably because a custom HttpMessageHandlerBuilder ignores "
        + "PrimaryHandler, or a filter replaced it under such a builder; build from PrimaryHandler, and use "
        + "ConfigurePrimaryHttpMessageHandler instead of the filter.").Diagnostics[0];

    /// <summary>Its gRPC channel does not use its handlers.</summary>
    public static TlsPolicyDiagnostic OtherHandlerOfChannel(string client) => Of(
        DiagnosticCodes.HandlerReplaced, client,
        "ConfigureChannel sets HttpClient, or an HttpHandler that does not wrap the one that it is given, so that its "
        + "gRPC channel bypasses the policy; use ConfigurePrimaryHttpMessageHandler.").Diagnostics[0];

    /// <summary>Its handlers are made where nothing can verify them once they are finished.</summary>
    public static TlsPolicyException Unverified(string client, string builder) => Of(
        DiagnosticCodes.HandlerReplaced, client,
        $"its handlers are built by {builder}, and nothing verifies them, so that a filter could remove the policy "
        + "unnoticed; register IHttpClientFactory and IHttpMessageHandlerFactory after AddOutboundTls and in front of "
        + "those that are there, or remove the HttpMessageHandlerBuilder.");

    /// <summary>A request reached its gate without passing through the client.</summary>
    public static TlsPolicyException Shared(string client) => Of(DiagnosticCodes.HandlerReplaced, client,
        "a request reached its primary handler without passing through the client: another client shares the handler, "
        + "or the handler sends copies of requests in the background. Return a new handler each time from "
        + "ConfigurePrimaryHttpMessageHandler; add a handler that sends copies with AddHttpMessageHandler.");

    /// <summary>A request of it chooses an upstream, which nobody allowed.</summary>
    public static TlsPolicyDiagnostic ChoiceNotAllowed(string client) => Of(DiagnosticCodes.ChoiceNotAllowed, client,
        "a request chooses its upstream (OutboundTlsRequest.Upstream), which this client does not allow; "
        + "call AllowUpstreamSelection() on the client, or create its handler with CreateSelectingHandler.")
        .Diagnostics[0];

    /// <summary>A request of it chooses no upstream, and the client has no policy of its own.</summary>
    public static TlsPolicyDiagnostic NotChosen(string client) => Of(DiagnosticCodes.UpstreamNotChosen, client,
        "a request chooses no upstream, and the client has no policy of its own; "
        + "set OutboundTlsRequest.Upstream in the request's Options.").Diagnostics[0];

    /// <summary>It is needed before it is known whether it has a policy.</summary>
    /// <param name="what">What is needed.</param>
    public static TlsPolicyException NeededToLoad(string what) => Of(DiagnosticCodes.NeededToLoad,
        $"{what}: asked for by code that runs to load the policies; let that code connect by itself, for example with "
        + "new HttpClient(new OutboundTlsHandler(context)).");

    public static TlsPolicyException Of(string code, string client, string problem) =>
        Of(code, $"client '{client}': {problem}");

    private static TlsPolicyException Of(string code, string message) =>
        new([DiagnosticList.OneError(code, new Place(""), message)]);
}
