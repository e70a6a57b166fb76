using System.Net;

namespace FlexTls;

/// <summary>The properties of a request that decide about its connection.</summary>
internal static class HttpRequests
{
    /// <summary>Whether the request goes over TLS.</summary>
    public static bool IsTls(this HttpRequestMessage request) =>
        request.RequestUri is { IsAbsoluteUri: true } uri && uri.IsTls();

    /// <summary>Whether a server at this address is spoken to over TLS.</summary>
    public static bool IsTls(this Uri uri) => uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeWss;

    /// <summary>Whether requests to this address use HTTP without TLS.</summary>
    public static bool IsPlainHttp(this Uri uri) => uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeWs;

    /// <summary>Whether a request without TLS goes over HTTP/2, as both sides then know beforehand.</summary>
    public static bool IsHttp2WithoutTls(this HttpRequestMessage request) =>
        request.Version.Major >= 2 && request.VersionPolicy != HttpVersionPolicy.RequestVersionOrLower;

    /// <summary>Whether the end point is the request's own server, not a proxy on the way to it.</summary>
    public static bool IsFor(this HttpRequestMessage request, DnsEndPoint endPoint) =>
        request.RequestUri is { IsAbsoluteUri: true } uri && uri.Port == endPoint.Port
        && string.Equals(
            uri.AsciiHost().WithoutBrackets(), endPoint.Host.WithoutBrackets(), StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// A host without the brackets that the platform writes around an IPv6 address in some places. Allocates nothing
    /// for other hosts.
    /// </summary>
    public static string WithoutBrackets(this string host) => host is ['[', .. var inner, ']'] ? inner : host;
}
