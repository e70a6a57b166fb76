using System.Net;

namespace FlexTls;

/// <summary>
/// A caller's request. It determines the authority of the upstream, whatever happens to the caller's message later, and
/// supplies the headers and content of further hops.
/// </summary>
/// <param name="message">
/// The caller's message, already sent; it is not changed. It may be a <see cref="Hop"/> of an earlier request.
/// </param>
/// <param name="address">Its address when it was sent.</param>
/// <param name="traceHeaders">The header fields that the platform's handler may have added.</param>
internal sealed class FirstHop(HttpRequestMessage message, Uri address, TraceHeaders traceHeaders)
{
    private readonly Authority _authority = (message as Hop)?.Upstream ?? Authority.Of(address);

    /// <summary>Whether an address has the authority of the caller's request.</summary>
    public bool IsSameAuthority(Uri other) => Authority.Of(other) == _authority;

    /// <summary>A message for the next hop. It shares the content, so it must not be disposed.</summary>
    /// <param name="last">The message of the previous hop.</param>
    /// <param name="status">The status of its response.</param>
    /// <param name="target">The redirect target.</param>
    public HttpRequestMessage Next(HttpRequestMessage last, HttpStatusCode status, Uri target)
    {
        var becomesGet = RedirectRules.BecomesGet(status, last.Method);
        var next = new Hop(becomesGet ? HttpMethod.Get : last.Method, target, _authority)
        {
            Version = message.Version,
            VersionPolicy = message.VersionPolicy,
            Content = becomesGet ? null : last.Content,
        };
        CopyHeaders(next);
        if (next.Content is null && next.Headers.TransferEncodingChunked == true)
        {
            next.Headers.TransferEncodingChunked = false;
        }

        foreach (var (key, value) in (IDictionary<string, object?>)message.Options)
        {
            ((IDictionary<string, object?>)next.Options)[key] = value;
        }

        return next;
    }

    private void CopyHeaders(HttpRequestMessage next)
    {
        foreach (var (name, values) in message.Headers.NonValidated)
        {
            if (!traceHeaders.IsInjected(name, message))
            {
                next.Headers.TryAddWithoutValidation(name, values);
            }
        }

        next.Headers.Protocol = message.Headers.Protocol;
        next.Headers.Authorization = null;
        if (!IsSameAuthority(next.RequestUri!))
        {
            // The header names another server.
            next.Headers.Host = null;
        }
    }
}
