namespace FlexTls;

/// <summary>Refuses requests of a client before anything else sees them.</summary>
internal abstract class RequestGuard : DelegatingHandler
{
    /// <summary>Why a request is not sent; <see langword="null"/>: it is.</summary>
    protected abstract TlsPolicyDiagnostic? FaultOf(HttpRequestMessage request);

    /// <summary>The upstream of the client; <see langword="null"/>: none is known.</summary>
    protected abstract string? Upstream { get; }

    protected sealed override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken) =>
        FaultOf(request) is { } fault
            ? Task.FromException<HttpResponseMessage>(RefusedRequest.By(fault, request, Upstream))
            : base.SendAsync(request, cancellationToken);

    protected sealed override HttpResponseMessage Send(
        HttpRequestMessage request, CancellationToken cancellationToken) =>
        FaultOf(request) is { } fault
            ? throw RefusedRequest.By(fault, request, Upstream)
            : base.Send(request, cancellationToken);
}
