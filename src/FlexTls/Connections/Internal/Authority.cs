using System.Net;

namespace FlexTls.Connections;

/// <summary>A host, as end points spell it, and a port.</summary>
internal readonly record struct Authority(string Host, int Port)
{
    public static Authority Of(Uri uri) => new(uri.IdnHost, uri.Port);

    public static Authority Of(DnsEndPoint endPoint) => new(endPoint.Host, endPoint.Port);

    /// <summary>Reads the target of a CONNECT request, <c>host:port</c>.</summary>
    public static Authority? TryParse(string? text) =>
        text is not null && Uri.TryCreate($"https://{text}", UriKind.Absolute, out var uri) ? Of(uri) : null;

    public override string ToString() => $"{Host}:{Port}";
}
