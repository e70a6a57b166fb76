using System.Net;

namespace FlexTls.Connections;

/// <summary>
/// What a caller asked for. It says which authority is the upstream, whatever becomes of the caller's message, and what
/// the messages of further hops are made of.
/// </summary>
/// <param name="message">The caller's message, which was sent and is not changed.</param>
/// <param name="address">The address that it had when it was sent.</param>
/// <param name="traceHeaders">The fields that the platform's handler may have added to it.</param>
internal sealed class FirstHop(HttpRequestMessage message, Uri address, TraceHeaders traceHeaders)
{
    private readonly Authority _authority = Authority.Of(address);

    /// <summary>Whether an address has the authority that the caller named.</summary>
    public bool IsSameAuthority(Uri other) => Authority.Of(other) == _authority;

    /// <summary>A message for the next hop. It shares the content, so nobody disposes it.</summary>
    /// <param name="last">The message of the hop before.</param>
    /// <param name="status">Its answer.</param>
    /// <param name="target">Where that leads.</param>
    public HttpRequestMessage Next(HttpRequestMessage last, HttpStatusCode status, Uri target)
    {
        var becomesGet = RedirectRules.BecomesGet(status, last.Method);
        var next = new HttpRequestMessage(becomesGet ? HttpMethod.Get : last.Method, target)
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
            if (!traceHeaders.IsOfOneSend(name, message))
            {
                next.Headers.TryAddWithoutValidation(name, values);
            }
        }

        next.Headers.Protocol = message.Headers.Protocol;
        next.Headers.Authorization = null;
        if (!IsSameAuthority(next.RequestUri!))
        {
            // It names a server that this one is not.
            next.Headers.Host = null;
        }
    }
}
