namespace FlexTls;

/// <summary>
/// A message for a further hop of a request. Callers see it as <see cref="HttpResponseMessage.RequestMessage"/> and may
/// send it again, which must not make the redirect target the upstream.
/// </summary>
/// <param name="method">Its method.</param>
/// <param name="target">Its address, which a server chose.</param>
/// <param name="upstream">The authority in the caller's own request.</param>
internal sealed class Hop(HttpMethod method, Uri target, Authority upstream) : HttpRequestMessage(method, target)
{
    public Authority Upstream => upstream;
}
